using System.Text;

namespace Dapr.Client;

/// <summary>Builds a path of the sidecar's API: every segment and value is escaped, also <c>+</c>, which the sidecar would read as a space.</summary>
internal static class ApiPath
{
    public static string State(string storeName) => "/v1.0/state/" + Uri.EscapeDataString(storeName);

    public static string State(string storeName, string key) => string.Concat("/v1.0/state/", Uri.EscapeDataString(storeName), "/", Uri.EscapeDataString(key));

    /// <summary>A topic may have slashes; the sidecar takes the rest of the path for its name.</summary>
    public static string Publish(string pubsubName, string topicName) =>
        string.Concat("/v1.0/publish/", Uri.EscapeDataString(pubsubName), "/", Uri.EscapeDataString(topicName));

    public static string WithMetadata(string path, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null || metadata.Count == 0)
            return path;

        var text = new StringBuilder(path);
        foreach (var (name, value) in metadata)
            Append(text, "metadata." + name, value);
        return text.ToString();
    }

    public static string WithMetadata(string path, IReadOnlyDictionary<string, string>? metadata, string name, string? value)
    {
        if (value is not null)
            path = string.Concat(path, "?", name, "=") + value;
        return WithMetadata(path, metadata);
    }

    public static void Append(StringBuilder path, string name, string? value)
    {
        var hasQuery = false;
        for (var i = 0; i < path.Length && !hasQuery; i++)
            hasQuery = path[i] == '?';
        path.Append(hasQuery ? '&' : '?').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value ?? ""));
    }
}

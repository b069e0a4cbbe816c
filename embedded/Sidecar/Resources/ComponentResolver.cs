using DaprMesh.Sidecar.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads one secret of a secret store: its values by key, or null when there is none.</summary>
public delegate Task<IReadOnlyDictionary<string, string>?> SecretSource(string store, string name, CancellationToken ct);

/// <summary>Turns resources as they were written into resources with their values: secrets, environment and templates.</summary>
public sealed class ComponentResolver(SidecarOptions options, SecretSource secrets, ILogger log)
{
    /// <summary>The secret store that has to be ready before the component can be resolved; null when none is needed.</summary>
    public static string? RequiredStore(ComponentManifest manifest) =>
        manifest.Metadata.Any(item => item.SecretName is not null) ? manifest.SecretStore ?? "" : null;

    /// <exception cref="ResourceException">A value refers to a pod name and there is none.</exception>
    public async Task<Component> ResolveAsync(ComponentManifest manifest, CancellationToken ct)
    {
        var read = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in manifest.Metadata)
        {
            var value = await ValueAsync(item, $"Component {manifest.Name}", manifest.SecretStore, read, ct);
            metadata[item.Name] = Expand(item.Name, value ?? "");
        }

        return new(manifest.Name, manifest.Type, manifest.Version, metadata, manifest.Scopes, manifest.InitTimeout, manifest.IgnoreErrors, manifest.Source);
    }

    /// <summary>The endpoint with every header and document as a plain value.</summary>
    public async Task<HttpEndpointManifest> ResolveAsync(HttpEndpointManifest manifest, CancellationToken ct)
    {
        var read = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var headers = new List<MetadataItem>();
        foreach (var header in manifest.Headers)
        {
            headers.Add((await PlainAsync(header))!);
        }

        return manifest with
        {
            Headers = headers,
            RootCa = await PlainAsync(manifest.RootCa),
            Certificate = await PlainAsync(manifest.Certificate),
            PrivateKey = await PlainAsync(manifest.PrivateKey),
        };

        async Task<MetadataItem?> PlainAsync(MetadataItem? item) => item is null
            ? null
            : new(item.Name, await ValueAsync(item, $"HTTPEndpoint {manifest.Name}", manifest.SecretStore, read, ct));
    }

    private async Task<string?> ValueAsync(
        MetadataItem item, string resource, string? store, Dictionary<string, IReadOnlyDictionary<string, string>> read, CancellationToken ct)
    {
        if (item is { Value: null, EnvRef: { } variable })
        {
            if (IsAllowed(variable))
                return options.Environment.GetValueOrDefault(variable, "");

            log.LogWarning("{Resource} references an env variable that isn't allowed: {Variable}", resource, variable);
            return "";
        }

        if (item.SecretName is not { } name)
            return item.Value;

        if (!read.TryGetValue(name, out var secret))
        {
            secret = await SecretAsync(store ?? "", name, ct);
            if (secret is null)
                return item.Value;

            read[name] = secret;
        }

        var key = string.IsNullOrEmpty(item.SecretKey) ? name : item.SecretKey;
        return secret.TryGetValue(key, out var value) && value.Length > 0 ? value : item.Value;
    }

    /// <summary>As in daprd, a secret that cannot be read leaves the value empty; the component says what it lacks.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> SecretAsync(string store, string name, CancellationToken ct)
    {
        try
        {
            return await secrets(store, name, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            log.LogError("Error getting secret: {Reason}", e.Message);
            return null;
        }
    }

    private string Expand(string property, string value)
    {
        for (var at = value.IndexOf("{uuid}", StringComparison.Ordinal); at >= 0; at = value.IndexOf("{uuid}", StringComparison.Ordinal))
        {
            value = $"{value[..at]}{Guid.NewGuid()}{value[(at + "{uuid}".Length)..]}";
        }

        if (value.Contains("{podName}", StringComparison.Ordinal))
        {
            var pod = options.Environment.GetValueOrDefault("POD_NAME", "");
            value = pod.Length > 0
                ? value.Replace("{podName}", pod, StringComparison.Ordinal)
                : throw new ResourceException($"failed to parse metadata: property {property} refers to {{podName}} but podName is not set");
        }

        var space = options.Namespace.Length > 0 ? options.Namespace : "default";
        return value
            .Replace("{namespace}", $"{space}.{options.AppId}", StringComparison.Ordinal)
            .Replace("{appID}", options.AppId, StringComparison.Ordinal);
    }

    /// <summary>Dapr's own settings and tokens are out of a component's reach; DAPR_ENV_KEYS narrows the rest.</summary>
    private bool IsAllowed(string variable)
    {
        var name = variable.ToUpperInvariant();
        if (name is "" or "APP_API_TOKEN" || name.StartsWith("DAPR_", StringComparison.Ordinal) || name.Contains(' ', StringComparison.Ordinal))
            return false;

        var allowed = options.Environment.GetValueOrDefault("DAPR_ENV_KEYS", "");
        return allowed.Length == 0 || allowed.Split(' ').Contains(name, StringComparer.Ordinal);
    }
}

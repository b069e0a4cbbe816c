namespace DaprMesh.Sidecar.Resources;

/// <summary>An MCPServer, as far as the sidecar looks at it.</summary>
/// <param name="Problem">Why the server may not be used; null: nothing is wrong with it.</param>
public sealed record McpServerManifest(string Name, bool IgnoreErrors, string? Problem)
{
    internal static McpServerManifest Read(Manifest manifest)
    {
        var endpoint = manifest.Spec?.Map("endpoint");
        var address = (endpoint?.Map("streamableHTTP") ?? endpoint?.Map("sse"))?.Text("url");
        return new(manifest.Name, manifest.Spec?.Flag("ignoreErrors") ?? false, address is null ? null : ProblemOf(manifest.Name, address));
    }

    private static string? ProblemOf(string name, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return $"MCPServer \"{name}\" failed security validation: invalid URL \"{address}\"";

        return uri.Scheme is "http" or "https"
            ? null
            : $"MCPServer \"{name}\" failed security validation: URL scheme \"{uri.Scheme}\" is not allowed, must be http or https";
    }
}

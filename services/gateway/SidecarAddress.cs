namespace DaprMesh.Gateway;

/// <summary>Where this service's sidecar answers, by Dapr's own variables.</summary>
internal sealed class SidecarAddress(IConfiguration configuration)
{
    public string Base { get; } = (configuration["DAPR_HTTP_ENDPOINT"] is { Length: > 0 } endpoint
        ? endpoint
        : $"http://127.0.0.1:{configuration["DAPR_HTTP_PORT"] ?? "3500"}").TrimEnd('/');

    public string? Token { get; } = configuration["DAPR_API_TOKEN"] is { Length: > 0 } token ? token : null;
}

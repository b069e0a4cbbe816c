namespace DaprMesh.ServiceDefaults;

/// <summary>Which of the routes that every service has a service maps itself.</summary>
public sealed class DefaultRoutes
{
    /// <summary><c>/health</c>; the probes are always there.</summary>
    public bool Health { get; set; } = true;

    /// <summary><c>/openapi.json</c>, <c>/docs</c> and <c>/redoc</c>.</summary>
    public bool ApiDocuments { get; set; } = true;

    /// <summary><c>/dapr/subscribe</c>.</summary>
    public bool Subscriptions { get; set; } = true;
}

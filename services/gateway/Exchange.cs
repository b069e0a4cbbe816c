using DaprMesh.Gateway.Routing;

namespace DaprMesh.Gateway;

/// <summary>What becomes known about a request on its way through, for its line in the log.</summary>
internal sealed class Exchange
{
    public GatewayRoute? Route { get; set; }

    public string? UserId { get; set; }

    public long BytesOut { get; set; }

    public int Repetitions { get; set; }

    /// <summary>The caller went before the answer was through.</summary>
    public bool CallerLeft { get; set; }

    /// <summary>The app's answer broke off.</summary>
    public bool Broken { get; set; }

    public static Exchange Of(HttpContext http) => http.Features.Get<Exchange>() ?? throw new InvalidOperationException("The request log comes first.");
}

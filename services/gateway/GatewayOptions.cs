using System.ComponentModel.DataAnnotations;
using DaprMesh.Gateway.Limits;
using DaprMesh.Gateway.Routing;

namespace DaprMesh.Gateway;

internal sealed class GatewayOptions
{
    /// <summary>What happens under which path; the longest prefix wins, and the path is passed on as it is.</summary>
    public Dictionary<string, RouteSettings> Routes { get; set; } = [];

    /// <summary>How long an app may take until its answer begins, where the route does not say.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is repeated that may be, where the route does not say.</summary>
    [Range(0, 5)]
    public int Retries { get; set; } = 1;

    /// <summary>The largest request body in bytes, where the route does not say. Sidecars have a limit of their own, 4 MiB unless told.</summary>
    [Range(0, long.MaxValue)]
    public long MaxBodySize { get; set; } = 4 << 20;

    /// <summary>What one address may ask, whoever it is. An IPv6 network of 64 bits counts as one address.</summary>
    public RateLimit PerAddress { get; set; } = new();

    /// <summary>What one person may ask, from wherever.</summary>
    public RateLimit PerIdentity { get; set; } = new();

    /// <summary>The state store in which replicas share the limits.</summary>
    [Required]
    public string LimitStore { get; set; } = "statestore";

    /// <summary>Addresses and networks (<c>10.0.0.0/8</c>) of proxies whose X-Forwarded headers count; nobody else's do.</summary>
    public IList<string> TrustedProxies { get; set; } = [];

    /// <summary>
    /// Where an app answers upgrades (WebSocket), which sidecars cannot carry, when <c>services:APP:http</c> does not say; {app} stands for its id.
    /// </summary>
    [Required]
    public string UpgradeAddress { get; set; } = "http://{app}:8080";

    /// <summary>How long each app may take to tell its health or its API.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan AskTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

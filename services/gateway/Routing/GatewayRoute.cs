using DaprMesh.Gateway.Limits;

namespace DaprMesh.Gateway.Routing;

/// <summary>One route with everything settled.</summary>
/// <param name="Prefix">Without a slash at its end; empty: every path.</param>
internal sealed record GatewayRoute(string Prefix, string App, TimeSpan Timeout, int Retries, long MaxBodySize, TokenRule Token, RateLimit? Limit)
{
    public static GatewayRoute Of(string prefix, RouteSettings route, GatewayOptions all) => new(
        prefix.TrimEnd('/'),
        route.App,
        route.Timeout ?? all.Timeout,
        route.Retries ?? all.Retries,
        route.MaxBodySize ?? all.MaxBodySize,
        route.Token,
        route.Limit is { Permits: > 0 } limit ? limit : null);

    /// <summary>Whole segments only: <c>/api</c> is not the beginning of <c>/apis</c>.</summary>
    public bool Holds(string path) =>
        path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && (path.Length == Prefix.Length || path[Prefix.Length] == '/');
}

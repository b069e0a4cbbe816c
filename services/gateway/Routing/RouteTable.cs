using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway.Routing;

/// <summary>The routes, looked up by path.</summary>
internal sealed class RouteTable(IOptions<GatewayOptions> options)
{
    private readonly GatewayRoute[] _longestFirst =
    [
        .. options.Value.Routes.Select(route => GatewayRoute.Of(route.Key, route.Value, options.Value)).OrderByDescending(route => route.Prefix.Length),
    ];

    public IReadOnlyList<GatewayRoute> Routes => _longestFirst;

    /// <summary>Every app that has a route.</summary>
    public IReadOnlyList<string> Apps { get; } = [.. options.Value.Routes.Values.Select(route => route.App).Distinct().Order(StringComparer.Ordinal)];

    /// <param name="path">Decoded, without dot segments.</param>
    public GatewayRoute? Find(string path)
    {
        foreach (var route in _longestFirst)
        {
            if (route.Holds(path))
            {
                return route;
            }
        }

        return null;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway.Forwarding;

/// <summary>
/// Where apps answer themselves, for upgrades: every address that the configuration names as .NET's service discovery does
/// (<c>services:catalog:http:0</c>), else the one that the app's id gives.
/// </summary>
internal sealed class AppAddresses(IConfiguration configuration, IOptions<GatewayOptions> options)
{
    private readonly ConcurrentDictionary<string, Uri[]> _known = new(StringComparer.Ordinal);
    private int _turn;

    /// <summary>All of them, beginning with another one at each call.</summary>
    public IEnumerable<Uri> Of(string app)
    {
        var all = _known.GetOrAdd(app, Read);
        var first = (uint)Interlocked.Increment(ref _turn);
        return Enumerable.Range(0, all.Length).Select(i => all[(first + i) % all.Length]);
    }

    private Uri[] Read(string app)
    {
        var named = configuration.GetSection($"services:{app}:http").GetChildren()
            .Select(child => child.Value).OfType<string>().Select(address => new Uri(address)).ToArray();
        return named.Length > 0 ? named : [new Uri(options.Value.UpgradeAddress.Replace("{app}", app, StringComparison.Ordinal))];
    }
}

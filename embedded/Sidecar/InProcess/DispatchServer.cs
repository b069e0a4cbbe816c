using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>A host's own server, with its application made known to the dispatcher under the port it listens on.</summary>
/// <param name="alias">A further number to be known under; 0: none.</param>
internal sealed class DispatchServer(IServer inner, DispatchTable dispatch, int alias, Action<int> listening) : IServer
{
    private readonly List<int> _ports = [];

    public IFeatureCollection Features => inner.Features;

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
    {
        await inner.StartAsync(application, cancellationToken);
        foreach (var address in inner.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (Uri.TryCreate(address.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal),
                    UriKind.Absolute, out var uri) && uri.Scheme == "http")
            {
                dispatch.Add(uri.Port, new DispatchTarget<TContext>(application, uri.Port));
                _ports.Add(uri.Port);
            }
        }

        if (_ports.Count > 0)
        {
            if (alias > 0)
            {
                dispatch.Add(alias, new DispatchTarget<TContext>(application, _ports[0]));
                _ports.Add(alias);
            }

            listening(_ports[0]);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var port in _ports)
        {
            dispatch.Remove(port);
        }

        return inner.StopAsync(cancellationToken);
    }

    public void Dispose() => inner.Dispose();
}

using System.Net;
using System.Net.Sockets;
using DaprMesh.Sidecar.InProcess;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>One port the sidecar listens on and what answers there.</summary>
/// <param name="Addresses">Addresses to bind; empty: all interfaces.</param>
/// <param name="Port">0: a free port, known after the start.</param>
/// <param name="Dispatchable">Hosts of the same process reach it without a socket.</param>
internal sealed record SidecarPort(string Name, IReadOnlyList<string> Addresses, int Port, bool Dispatchable, RequestDelegate Handler);

/// <summary>The sidecar's listeners: Kestrel without a host around it, one instance for all ports.</summary>
internal sealed class SidecarServer(SidecarOptions options, DispatchTable dispatch, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly List<(SidecarPort Port, KestrelServer Server)> _running = [];
    private readonly List<int> _dispatched = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddSingleton(loggers).AddLogging().BuildServiceProvider();

    /// <summary>Starts a port and says which one it got.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task<int> StartAsync(SidecarPort port, CancellationToken ct)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = _services };
        kestrel.Limits.MaxRequestBodySize = null; // the API answers an oversized body itself
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = Math.Max(options.ReadBufferSize, 4096) + 4096;
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Limits.MaxRequestLineSize = kestrel.Limits.MaxRequestHeadersTotalSize;
        kestrel.AllowSynchronousIO = false;

        var number = port.Port;
        foreach (var address in Resolve(port.Addresses))
        {
            kestrel.Listen(address, number, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(EncodedNul.Middleware);
            });
        }

        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        var server = new KestrelServer(Options.Create(kestrel), transport, loggers);
        var application = new SidecarApplication(port.Handler);
        await server.StartAsync(application, ct);
        _running.Add((port, server));

        var bound = server.Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!
            .Addresses.Select(address => new Uri(address).Port).First();
        if (port.Dispatchable)
        {
            dispatch.Add(bound, new DispatchTarget<SidecarApplication.Exchange>(application, bound));
            _dispatched.Add(bound);
        }

        return bound;
    }

    /// <summary>Stops listening and lets requests finish until <paramref name="ct"/> ends it.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        foreach (var port in _dispatched)
        {
            dispatch.Remove(port);
        }

        await Task.WhenAll(_running.Select(entry => entry.Server.StopAsync(ct)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, server) in _running)
        {
            server.Dispose();
        }

        await _services.DisposeAsync();
    }

    private static IEnumerable<IPAddress> Resolve(IReadOnlyList<string> addresses)
    {
        var named = addresses.Where(address => address.Length > 0).ToList();
        if (named.Count == 0)
        {
            return [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];
        }

        return named.SelectMany(address => IPAddress.TryParse(address.Trim('[', ']'), out var parsed) ? [parsed] : Dns.GetHostAddresses(address))
            .Where(address => address.AddressFamily != AddressFamily.InterNetworkV6 || Socket.OSSupportsIPv6)
            .Distinct();
    }
}

/// <summary>The application Kestrel and the dispatcher call; contexts are kept with their connection and used again.</summary>
internal sealed class SidecarApplication(RequestDelegate handler) : IHttpApplication<SidecarApplication.Exchange>
{
    public Exchange CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is IHostContextContainer<Exchange> container)
        {
            var exchange = container.HostContext;
            if (exchange is null)
            {
                container.HostContext = exchange = new Exchange(new DefaultHttpContext(contextFeatures));
            }
            else
            {
                exchange.Http.Initialize(contextFeatures);
            }

            return exchange;
        }

        return new Exchange(new DefaultHttpContext(contextFeatures));
    }

    public Task ProcessRequestAsync(Exchange context) => handler(context.Http);

    public void DisposeContext(Exchange context, Exception? exception) => context.Http.Uninitialize();

    internal sealed record Exchange(DefaultHttpContext Http);
}

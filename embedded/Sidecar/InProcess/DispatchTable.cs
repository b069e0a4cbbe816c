using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>The hosts of this process by port, and handlers that reach them without a socket, everything else over one.</summary>
public sealed class DispatchTable : IDisposable
{
    private readonly ConcurrentDictionary<int, IDispatchTarget> _targets = new();
    private readonly SocketsHttpHandler _sockets = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        ConnectTimeout = TimeSpan.FromSeconds(30),
        EnableMultipleHttp2Connections = true,
        ConnectCallback = ConnectAsync,
    };

    public DispatchTable()
    {
        Handler = new DispatchHandler(this, _sockets, trace: false, owned: false);
        AppHandler = new DispatchHandler(this, _sockets, trace: true, owned: false);
        Client = new HttpMessageInvoker(Handler, disposeHandler: false);
        SocketClient = new HttpMessageInvoker(_sockets, disposeHandler: false);
    }

    /// <summary>Off: everything goes over sockets, so that the two can be compared.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Dispatches what can be, sends the rest. Shared; never dispose it.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>The same for what apps send: their current activity goes along as <c>traceparent</c>, as over their own sockets.</summary>
    public HttpMessageHandler AppHandler { get; }

    /// <summary>Dispatches what can be and leaves the rest to <paramref name="handler"/>, which it owns.</summary>
    public HttpMessageHandler InFrontOf(HttpMessageHandler handler) => new DispatchHandler(this, handler, trace: true, owned: true);

    /// <summary>The handler for everything outside the process: no redirects, no cookies, no proxy, no tracing headers of its own.</summary>
    public HttpMessageHandler Sockets => _sockets;

    /// <summary>Sends through <see cref="Handler"/>.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>Sends through <see cref="Sockets"/>.</summary>
    public HttpMessageInvoker SocketClient { get; }

    public void Add(int port, IDispatchTarget target) => _targets[port] = target;

    public bool Knows(int port) => Enabled && _targets.ContainsKey(port);

    public void Remove(int port) => _targets.TryRemove(port, out _);

    public void Dispose()
    {
        Client.Dispose();
        SocketClient.Dispose();
        Handler.Dispose();
        AppHandler.Dispose();
        _sockets.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new AnswerStream(new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private IDispatchTarget? Find(Uri? address) =>
        Enabled && address is { Scheme: "http" } && address.IsLoopback && _targets.TryGetValue(address.Port, out var target) ? target : null;

    private sealed class DispatchHandler(DispatchTable table, HttpMessageHandler rest, bool trace, bool owned) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _rest = new(rest, owned);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            if (trace && Activity.Current is { } activity)
            {
                DistributedContextPropagator.Current.Inject(activity, request, static (carrier, name, value) =>
                {
                    var headers = ((HttpRequestMessage)carrier!).Headers;
                    if (!headers.Contains(name))
                    {
                        headers.TryAddWithoutValidation(name, value);
                    }
                });
            }

            return table.Find(request.RequestUri) is { } target ? target.SendAsync(request, ct) : _rest.SendAsync(request, ct);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && owned)
            {
                _rest.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>A host in this process that takes requests without a socket.</summary>
public interface IDispatchTarget
{
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct);
}

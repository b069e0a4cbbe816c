using Dapr.Actors.Communication;
using Microsoft.Extensions.DependencyInjection;

namespace Dapr.Actors.AspNetCore;

/// <summary>
/// How this host's actors and proxies reach the sidecar: by the handler registered under the key "dapr", or else by
/// connections of their own.
/// </summary>
internal sealed class SidecarTransport : IDisposable
{
    private const string Key = "dapr";
    private readonly bool _isOwn;

    public SidecarTransport(IServiceProvider services)
    {
        // A container from elsewhere need not know keys.
        var given = (services as IKeyedServiceProvider)?.GetKeyedService(typeof(HttpMessageHandler), Key) as HttpMessageHandler;
        _isOwn = given is null;
        Handler = given ?? SidecarConnections.Create();
    }

    public HttpMessageHandler Handler { get; }

    public SidecarClient Client(string? endpoint, string? apiToken) =>
        new(new HttpMessageInvoker(Handler, disposeHandler: false), endpoint, apiToken, timeout: null);

    public void Dispose()
    {
        if (_isOwn)
            Handler.Dispose();
    }
}

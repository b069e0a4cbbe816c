using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>middleware.http.bearer: only requests with a valid token of the issuer for the audience go on.</summary>
internal sealed class BearerMiddleware : IHttpMiddleware, IAsyncDisposable
{
    private const string Prefix = "bearer ";
    private const int ShortestToken = 10;

    private readonly Component _component;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly HttpClient _http;
    private JsonWebKeys? _keys;
    private TokenRules? _rules;

    public BearerMiddleware(Component component, SidecarContext context)
    {
        _component = component;
        _clock = context.Clock;
        _log = context.Loggers.CreateLogger("dapr.runtime.middleware.bearer");
        _http = new HttpClient(context.Runtime.Dispatch.Handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public async Task InitAsync(CancellationToken ct)
    {
        var issuer = Required("issuer", "issuerURL");
        var audience = Required("audience", "clientID");
        var address = _component.Find("jwksURL") is { Length: > 0 } given ? given : await JsonWebKeys.DiscoverAsync(_http, issuer, ct);
        _rules = new TokenRules(issuer, audience, _clock);
        _keys = new JsonWebKeys(_http, new Uri(address), _clock, _log);
        await _keys.FetchAsync(ct);
    }

    public async ValueTask ApplyAsync(MiddlewareExchange exchange, CancellationToken ct)
    {
        if (exchange.Header("Authorization") is not { } header
            || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || header.Length < Prefix.Length + ShortestToken
            || JsonWebToken.Parse(header[Prefix.Length..]) is not { } token
            || await _keys!.FindAsync(token, ct) is not { } key
            || !key.Verifies(token)
            || !_rules!.Accept(token))
        {
            exchange.Refuse(401, "Unauthorized");
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _keys?.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Required(string name, string alias)
    {
        var value = _component.Find(name) ?? _component.Find(alias);
        return !string.IsNullOrEmpty(value) ? value : throw new FormatException($"metadata property '{name}' is required");
    }
}

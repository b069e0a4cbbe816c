using System.Text.RegularExpressions;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>middleware.http.routerchecker: only paths that match a pattern go on.</summary>
internal sealed class RouterCheckerMiddleware(Component component) : IHttpMiddleware
{
    private Regex _rule = new("");

    public Task InitAsync(CancellationToken ct)
    {
        try
        {
            // Go's patterns are matched in linear time too, whatever a caller sends.
            _rule = new Regex(component.Find("rule") ?? "", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"failed to compile rule regexp: {e.Message}", e);
        }
    }

    public ValueTask ApplyAsync(MiddlewareExchange exchange, CancellationToken ct)
    {
        if (!_rule.IsMatch(exchange.Path + exchange.Query))
            exchange.Refuse(400, "invalid router");

        return ValueTask.CompletedTask;
    }
}

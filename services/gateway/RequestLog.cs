using System.Diagnostics;
using System.Text;

namespace DaprMesh.Gateway;

/// <summary>One line for each request, with nothing secret in it.</summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider clock, ILogger<RequestLog> log)
{
    private const int CallerLeft = 499; // what proxies write when nobody waits for the answer any more
    private static readonly string[] Secrets = ["token", "secret", "password", "passwd", "pwd", "code", "key", "sig", "auth", "credential", "session", "otp", "assertion"];

    public async Task InvokeAsync(HttpContext http)
    {
        var exchange = new Exchange();
        http.Features.Set(exchange);
        var started = clock.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var status = exchange.CallerLeft ? CallerLeft : http.Response.StatusCode;
            var level = Level(http, exchange, status);
            if (log.IsEnabled(level))
            {
                Answered(
                    log, level, http.Request.Method, http.Request.Path.ToUriComponent() + Query(http.Request), status,
                    clock.GetElapsedTime(started).TotalMilliseconds, http.Response.ContentLength ?? exchange.BytesOut,
                    exchange.Route is { Prefix: var prefix } ? prefix + "/" : null, exchange.Route?.App, exchange.UserId, exchange.Repetitions,
                    Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier);
            }
        }
    }

    /// <summary>Query values stay, those of names that look like secrets do not.</summary>
    internal static string Query(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var pair in request.QueryString.Value![1..].Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            var isSecret = equals >= 0 && Array.Exists(Secrets, secret => Uri.UnescapeDataString(name).Contains(secret, StringComparison.OrdinalIgnoreCase));
            text.Append(text.Length == 0 ? '?' : '&').Append(isSecret ? name + "=***" : pair);
        }

        return text.ToString();
    }

    /// <summary>Probes and scrapes come every few seconds and say nothing.</summary>
    private static LogLevel Level(HttpContext http, Exchange exchange, int status) =>
        status >= 500 || exchange.Broken ? LogLevel.Warning
        : exchange.Route is null && (http.Request.Path.StartsWithSegments("/healthz") || http.Request.Path.StartsWithSegments("/metrics")) ? LogLevel.Debug
        : LogLevel.Information;

    [LoggerMessage(EventId = 10, Message = "{Method} {Path} {Status} {Milliseconds:0.0} ms {Bytes} bytes route={Route} app={App} user={User} repeated={Repeated} trace={TraceId}")]
    private static partial void Answered(
        ILogger log, LogLevel level, string method, string path, int status, double milliseconds, long bytes,
        string? route, string? app, string? user, int repeated, string traceId);
}

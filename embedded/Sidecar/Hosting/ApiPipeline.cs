using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>
/// What every request to the API port passes, in daprd's order: limits, tracing, metrics, CORS, API token, httpPipeline, API logging, route.
/// Errors become answers here and nowhere else.
/// </summary>
internal sealed class ApiPipeline
{
    private readonly SidecarContext _context;
    private readonly RouteTable _routes;
    private readonly Func<HttpContext, ApiRequest, Task> _fallback;
    private readonly Cors? _cors;
    private readonly ApiLog? _apiLog;
    private readonly RequestDelegate _inner;
    private readonly ILogger _log;

    /// <param name="fallback">Service invocation: takes what no route matches.</param>
    /// <param name="pipeline">The httpPipeline around the routes.</param>
    public ApiPipeline(
        SidecarContext context, RouteTable routes, Func<HttpContext, ApiRequest, Task> fallback, Func<RequestDelegate, RequestDelegate> pipeline)
    {
        _context = context;
        _routes = routes;
        _fallback = fallback;
        _cors = Cors.From(context.Options.AllowedOrigins);
        _apiLog = ApiLog.From(context);
        _log = context.Loggers.CreateLogger("dapr.runtime.http");
        _inner = pipeline(RouteAsync);
    }

    public async Task HandleAsync(HttpContext http)
    {
        var request = new ApiRequest(ApiPath.Raw(http), _context.Options.MaxBodySize);
        http.Features.Set(request);
        var isHealth = request.RawPath.StartsWith("/v1.0/healthz", StringComparison.Ordinal);
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (!ApiPath.IsEscaped(request.RawPath))
            {
                await PlainAsync(http, StatusCodes.Status400BadRequest, "400 Bad Request", nosniff: false);
                return;
            }

            if (!isHealth && _context.Tracing.IsOn)
            {
                if (await _context.Tracing.RefusesAsync(http))
                {
                    return;
                }

                request.Span = _context.Tracing.StartServer(http, request.RawPath);
            }

            if (_cors is not null && _cors.Answers(http))
            {
                return;
            }

            if (!HasToken(http, request))
            {
                await PlainAsync(http, StatusCodes.Status401Unauthorized, "invalid api token\n");
                return;
            }

            await _inner(http);
        }
        catch (ApiException e)
        {
            await WriteAsync(http, e);
        }
        catch (BodyTooLargeException e)
        {
            await WriteAsync(http, new ApiException(StatusCodes.Status400BadRequest, "ERR_BODY_READ", "failed to read request body: " + e.Message));
        }
        catch (BadHttpRequestException e)
        {
            await WriteAsync(http, new ApiException(e.StatusCode, "ERR_BODY_READ", "failed to read request body: " + e.Message));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; nobody reads an answer.
        }
#pragma warning disable CA1031 // The edge of the server: an unforeseen failure is an answer and a log entry, not the end of the process.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "{Method} {Path} failed", http.Request.Method, request.RawPath);
            await WriteAsync(http, new ApiException(StatusCodes.Status500InternalServerError, "ERROR", e.Message));
        }
        finally
        {
            var status = http.Response.StatusCode;
            _context.Tracing.End(request.Span, status);
            _context.Metrics.HttpServer(
                http.Request.Method, request.RawPath, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                http.Request.ContentLength ?? 0, http.Response.ContentLength ?? 0);
        }
    }

    private Task RouteAsync(HttpContext http)
    {
        var request = ApiRequest.Of(http)!;
        var path = request.RawPath;
        _apiLog?.Write(http, path);

        // An invoked method keeps its own path rules; everything else is matched on the clean path.
        if (!path.StartsWith("/v1.0/invoke/", StringComparison.Ordinal) && _routes.TryMatch(http, ApiPath.Clean(path), out var call))
        {
            return call.Route.Handler(call);
        }

        return _fallback(http, request);
    }

    private bool HasToken(HttpContext http, ApiRequest request)
    {
        if (_context.Options.DaprApiToken is not { Length: > 0 } token)
        {
            return true;
        }

        if (http.Request.Method == "GET" && ApiPath.Clean(request.RawPath) is "v1.0/healthz" or "v1.0/healthz/outbound")
        {
            return true;
        }

        var given = http.Request.Headers["dapr-api-token"].ToString();
        http.Request.Headers.Remove("dapr-api-token");
        return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(given), System.Text.Encoding.UTF8.GetBytes(token));
    }

    private async Task WriteAsync(HttpContext http, ApiException error)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        if (_context.Configuration.Metrics.RecordErrorCodes && error.ErrorCode != "ERR_HEALTH_NOT_READY")
        {
            _context.Metrics.ErrorCode(ErrorCategory.Of(error.ErrorCode), error.ErrorCode);
        }

        var body = JsonText.HtmlSafe(JsonSerializer.Serialize(error.ToJson(), JsonText.Options));
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        foreach (var (name, value) in error.Headers ?? new Dictionary<string, string>())
        {
            http.Response.Headers[name] = value;
        }

        if (http.Request.Method != "HEAD")
        {
            await http.Response.Body.WriteAsync(body);
        }
    }

    /// <summary>A text answer as Go's http.Error writes it.</summary>
    public static Task PlainAsync(HttpContext http, int status, string text, bool nosniff = true)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (nosniff)
        {
            http.Response.Headers.XContentTypeOptions = "nosniff";
        }

        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}

using Dapr;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.ServiceDefaults;

/// <summary>What passes by itself is answered 503: the sidecar, a store or another service did not answer, and the same request may be sent again.</summary>
internal sealed partial class Outages(ILogger<Outages> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not (HttpRequestException or DaprException) || httpContext.Response.HasStarted)
        {
            return false;
        }

        LogOutage(httpContext.Request.Method, httpContext.Request.Path, exception);
        httpContext.Response.Headers.RetryAfter = "1";
        await httpContext.WriteProblemAsync(StatusCodes.Status503ServiceUnavailable, "service.unavailable", "Something that this needs does not answer. Try again shortly.");
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} was sent away, to be tried again")]
    private partial void LogOutage(string method, string path, Exception error);
}

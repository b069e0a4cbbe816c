using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>One log line for each API call, when <c>--enable-api-logging</c> or the Configuration asks for it.</summary>
internal sealed class ApiLog
{
    private readonly ILogger _log;
    private readonly bool _omitHealthChecks;

    private ApiLog(ILogger log, bool omitHealthChecks)
    {
        _log = log;
        _omitHealthChecks = omitHealthChecks;
    }

    public static ApiLog? From(SidecarContext context)
    {
        var spec = context.Configuration.ApiLogging;
        return context.Options.EnableApiLogging || spec.Enabled is true
            ? new ApiLog(context.Loggers.CreateLogger("dapr.runtime.http-info"), spec.OmitHealthChecks)
            : null;
    }

    public void Write(HttpContext http, string path)
    {
        if (_omitHealthChecks && path.StartsWith("/v1.0/healthz", StringComparison.Ordinal))
        {
            return;
        }

        _log.LogInformation("HTTP API Called: {Method} {Path} useragent={UserAgent}", http.Request.Method, path, http.Request.Headers.UserAgent.ToString());
    }
}

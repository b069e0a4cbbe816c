using DaprMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>One log line for each API call, when <c>--enable-api-logging</c> or the Configuration asks for it.</summary>
internal sealed class ApiLog
{
    private readonly ILogger _log;
    private readonly ApiLoggingSpec _spec;

    private ApiLog(ILogger log, ApiLoggingSpec spec)
    {
        _log = log;
        _spec = spec;
    }

    public static ApiLog? From(SidecarContext context)
    {
        var spec = context.Configuration.ApiLogging;
        return context.Options.EnableApiLogging || spec.Enabled is true
            ? new ApiLog(context.Loggers.CreateLogger("dapr.runtime.http-info"), spec)
            : null;
    }

    public void Write(HttpContext http, string path)
    {
        if (_spec.OmitHealthChecks && path.StartsWith("/v1.0/healthz", StringComparison.Ordinal))
        {
            return;
        }

        if (_spec.ObfuscateUrls)
        {
            _log.LogInformation("HTTP API Called: {Call} useragent={UserAgent}", Obfuscated(http.Request.Method, path), http.Request.Headers.UserAgent.ToString());
            return;
        }

        _log.LogInformation("HTTP API Called: {Method} {Path} useragent={UserAgent}", http.Request.Method, path, http.Request.Headers.UserAgent.ToString());
    }

    /// <summary>The API and the app, store or topic that was called, without what may be private: keys, methods, ids.</summary>
    private static string Obfuscated(string method, string path) => ApiPath.Clean(path).Split('/') switch
    {
        [_, "invoke", var app, ..] => "InvokeService/" + app,
        [_, "actors", var type, _, "method", ..] => "InvokeActor/" + type,
        [_, "publish", "bulk", var pubsub, ..] => "BulkPublishEvent/" + pubsub,
        [_, "publish", var pubsub, ..] => "PublishEvent/" + pubsub,
        [_, var api, var name, ..] => $"{method} {api}/{name}",
        [_, var api] => $"{method} {api}",
        _ => method,
    };
}

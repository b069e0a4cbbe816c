using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Prometheus.HttpMetrics;

/// <summary>Measures the requests of the HTTP server.</summary>
internal sealed class HttpMetricsMiddleware
{
    private static readonly PathString MetricsUrl = "/metrics";

    private readonly RequestDelegate _next;
    private readonly HttpMiddlewareExporterOptions _options;
    private readonly (ICollector<IGauge> Metric, RequestLabels Labels)? _inProgress;
    private readonly (ICollector<ICounter> Metric, RequestLabels Labels)? _count;
    private readonly (ICollector<IHistogram> Metric, RequestLabels Labels)? _duration;

    public HttpMetricsMiddleware(RequestDelegate next, HttpMiddlewareExporterOptions options, IServiceProvider services)
    {
        _next = next;
        _options = options;

        if (options.InProgress is { Enabled: true } inProgress)
        {
            var gauge = inProgress.Gauge ?? Factory(inProgress).CreateGauge(
                "http_requests_in_progress",
                "The number of requests currently in progress in the ASP.NET Core pipeline. One series without controller/action label values counts all in-progress requests, with separate series existing for each controller-action pair.",
                RequestLabels.Names(inProgress, withCode: false, services));
            _inProgress = (gauge, RequestLabels.For(gauge, inProgress, withCode: false));
        }

        if (options.RequestCount is { Enabled: true } requestCount)
        {
            var counter = requestCount.Counter ?? Factory(requestCount).CreateCounter(
                "http_requests_received_total",
                "Provides the count of HTTP requests that have been processed by the ASP.NET Core pipeline.",
                RequestLabels.Names(requestCount, withCode: true, services));
            _count = (counter, RequestLabels.For(counter, requestCount, withCode: true));
        }

        if (options.RequestDuration is { Enabled: true } requestDuration)
        {
            var histogram = requestDuration.Histogram ?? Factory(requestDuration).CreateHistogram(
                "http_request_duration_seconds",
                "The duration of HTTP requests processed by an ASP.NET Core application.",
                RequestLabels.Names(requestDuration, withCode: true, services),
                new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });
            _duration = (histogram, RequestLabels.For(histogram, requestDuration, withCode: true));
        }

        IMetricFactory Factory(HttpMetricsOptionsBase own) =>
            own.MetricFactory ?? Metrics.WithCustomRegistry(own.Registry ?? HostMetrics.Of(services).Registry);
    }

    public Task Invoke(HttpContext context) =>
        !_options.CaptureMetricsUrl && context.Request.Path.StartsWithSegments(MetricsUrl, StringComparison.Ordinal)
            ? _next(context)
            : Measure(context);

    private async Task Measure(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        // Kept, because the endpoint and with it the labels may change while the request is handled.
        var inProgress = _inProgress is { } gauge ? gauge.Labels.Find(gauge.Metric, context) : null;
        inProgress?.Inc();
        try
        {
            await _next(context);
        }
        catch (Exception) when (AnswersWithServerError(context))
        {
            throw;
        }
        finally
        {
            inProgress?.Dec();
            if (_count is { } count)
                count.Labels.Find(count.Metric, context).Inc(ExemplarFor(_options.RequestCount, context));
            if (_duration is { } duration)
            {
                duration.Labels.Find(duration.Metric, context).Observe(
                    Stopwatch.GetElapsedTime(started).TotalSeconds, ExemplarFor(_options.RequestDuration, context));
            }
        }
    }

    /// <summary>The server turns an exception into a 500, but only after everyone in the pipeline has seen it.</summary>
    private static bool AnswersWithServerError(HttpContext context)
    {
        if (!context.Response.HasStarted)
            context.Response.StatusCode = Microsoft.AspNetCore.Http.StatusCodes.Status500InternalServerError;
        return false;
    }

    /// <summary>Null asks for the default exemplar.</summary>
    private static Exemplar? ExemplarFor(HttpMetricsOptionsBase options, HttpContext context) =>
        options.ExemplarPredicate(context) ? null : Exemplar.None;
}

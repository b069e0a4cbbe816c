using Microsoft.AspNetCore.Http;

namespace Prometheus.HttpMetrics;

/// <summary>Says whether a request's measurement may carry an exemplar.</summary>
public delegate bool HttpRequestExemplarPredicate(HttpContext context);

/// <summary>What all measurements of the HTTP server can be told.</summary>
public abstract class HttpMetricsOptionsBase
{
    public bool Enabled { get; set; } = true;

    public List<HttpRouteParameterMapping> AdditionalRouteParameters { get; set; } = [];

    public List<HttpCustomLabel> CustomLabels { get; set; } = [];

    /// <summary>Creates the metric in place of a factory on <see cref="Registry"/>.</summary>
    public IMetricFactory? MetricFactory { get; set; }

    /// <summary>Where the metric is created; the host's registry by default.</summary>
    public CollectorRegistry? Registry { get; set; }

    /// <summary>Shows status codes as 1xx to 5xx.</summary>
    public bool ReduceStatusCodeCardinality { get; set; }

    public HttpRequestExemplarPredicate ExemplarPredicate { get; set; } = static _ => true;
}

/// <summary>The measurement of requests under way.</summary>
public sealed class HttpInProgressOptions : HttpMetricsOptionsBase
{
    public ICollector<IGauge>? Gauge { get; set; }
}

/// <summary>The count of requests.</summary>
public sealed class HttpRequestCountOptions : HttpMetricsOptionsBase
{
    public ICollector<ICounter>? Counter { get; set; }
}

/// <summary>The durations of requests.</summary>
public sealed class HttpRequestDurationOptions : HttpMetricsOptionsBase
{
    public ICollector<IHistogram>? Histogram { get; set; }
}

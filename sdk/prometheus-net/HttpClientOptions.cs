namespace Prometheus.HttpClientMetrics;

/// <summary>What all measurements of an HTTP client can be told.</summary>
public abstract class HttpClientMetricsOptionsBase
{
    public bool Enabled { get; set; } = true;

    /// <summary>Where the metric is created; the host's registry by default.</summary>
    public CollectorRegistry? Registry { get; set; }
}

/// <summary>The measurement of requests under way.</summary>
public sealed class HttpClientInProgressOptions : HttpClientMetricsOptionsBase
{
    public ICollector<IGauge>? Gauge { get; set; }
}

/// <summary>The count of requests.</summary>
public sealed class HttpClientRequestCountOptions : HttpClientMetricsOptionsBase
{
    public ICollector<ICounter>? Counter { get; set; }
}

/// <summary>The time until the headers of the answer.</summary>
public sealed class HttpClientRequestDurationOptions : HttpClientMetricsOptionsBase
{
    public ICollector<IHistogram>? Histogram { get; set; }
}

/// <summary>The time until the end of the answer's body.</summary>
public sealed class HttpClientResponseDurationOptions : HttpClientMetricsOptionsBase
{
    public ICollector<IHistogram>? Histogram { get; set; }
}

/// <summary>What is measured of an HTTP client.</summary>
public sealed class HttpClientExporterOptions
{
    public HttpClientInProgressOptions InProgress { get; set; } = new();

    public HttpClientRequestCountOptions RequestCount { get; set; } = new();

    public HttpClientRequestDurationOptions RequestDuration { get; set; } = new();

    public HttpClientResponseDurationOptions ResponseDuration { get; set; } = new();
}

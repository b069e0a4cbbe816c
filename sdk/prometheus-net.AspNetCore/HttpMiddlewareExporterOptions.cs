using Microsoft.AspNetCore.Http;

namespace Prometheus.HttpMetrics;

/// <summary>What is measured of the HTTP server.</summary>
public sealed class HttpMiddlewareExporterOptions
{
    public HttpInProgressOptions InProgress { get; set; } = new();

    public HttpRequestCountOptions RequestCount { get; set; } = new();

    public HttpRequestDurationOptions RequestDuration { get; set; } = new();

    /// <summary>Measures requests to /metrics as well.</summary>
    public bool CaptureMetricsUrl { get; set; }

    internal IEnumerable<HttpMetricsOptionsBase> All => [InProgress, RequestCount, RequestDuration];

    public void AddRouteParameter(HttpRouteParameterMapping mapping) =>
        ConfigureMeasurements(options => options.AdditionalRouteParameters.Add(mapping));

    public void AddCustomLabel(HttpCustomLabel mapping) => ConfigureMeasurements(options => options.CustomLabels.Add(mapping));

    public void AddCustomLabel(string labelName, Func<HttpContext, string> valueProvider) =>
        AddCustomLabel(new HttpCustomLabel(labelName, valueProvider));

    public void SetMetricFactory(IMetricFactory metricFactory) =>
        ConfigureMeasurements(options => options.MetricFactory = metricFactory);

    public void ReduceStatusCodeCardinality() => ConfigureMeasurements(options => options.ReduceStatusCodeCardinality = true);

    public void ConfigureMeasurements(Action<HttpMetricsOptionsBase> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        foreach (var options in All)
            configure(options);
    }
}

namespace Prometheus;

/// <summary>The two text formats that Prometheus scrapes.</summary>
public enum ExpositionFormat
{
    PrometheusText,
    OpenMetricsText,
}

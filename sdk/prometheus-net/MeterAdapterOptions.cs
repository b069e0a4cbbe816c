using System.Diagnostics.Metrics;

namespace Prometheus;

/// <summary>Which .NET meters are exported, where to and how.</summary>
public sealed record MeterAdapterOptions
{
    public static readonly double[] DefaultHistogramBuckets = Histogram.ExponentialBuckets(0.01, 2, 25);

    public static MeterAdapterOptions Default => new();

    public Func<Instrument, bool> InstrumentFilterPredicate { get; set; } = static _ => true;

    public CollectorRegistry Registry { get; set; } = Metrics.DefaultRegistry;

    /// <summary>Creates the metrics in place of a factory on <see cref="Registry"/>, for example to add labels.</summary>
    public IMetricFactory? MetricFactory { get; set; }

    /// <summary>A series that was not used for so long leaves the export.</summary>
    public TimeSpan MetricsExpireAfter { get; set; } = TimeSpan.FromMinutes(5);

    public Func<Instrument, double[]> ResolveHistogramBuckets { get; set; } = static _ => DefaultHistogramBuckets;
}

namespace Prometheus;

/// <summary>What all kinds of metrics can be told at their creation.</summary>
public abstract class MetricConfiguration
{
    /// <summary>Label names may stand here or in the create call, not in both.</summary>
    public string[]? LabelNames { get; set; }

    /// <summary>Keeps a series out of the export until it has its first value.</summary>
    public bool SuppressInitialValue { get; set; }
}

/// <summary>Settings of a <see cref="Counter"/>.</summary>
public sealed class CounterConfiguration : MetricConfiguration
{
    internal static readonly CounterConfiguration Default = new();

    public ExemplarBehavior? ExemplarBehavior { get; set; }
}

/// <summary>Settings of a <see cref="Gauge"/>.</summary>
public sealed class GaugeConfiguration : MetricConfiguration
{
    internal static readonly GaugeConfiguration Default = new();
}

/// <summary>Settings of a <see cref="Histogram"/>.</summary>
public sealed class HistogramConfiguration : MetricConfiguration
{
    internal static readonly HistogramConfiguration Default = new();

    /// <summary>Upper bounds in rising order; the one for infinity is added when missing.</summary>
    public double[]? Buckets { get; set; }

    public ExemplarBehavior? ExemplarBehavior { get; set; }
}

/// <summary>Settings of a <see cref="Summary"/>.</summary>
public sealed class SummaryConfiguration : MetricConfiguration
{
    internal static readonly SummaryConfiguration Default = new();

    /// <summary>The quantiles to export with their allowed error; none by default.</summary>
    public IReadOnlyList<QuantileEpsilonPair> Objectives { get; set; } = [];

    public TimeSpan MaxAge { get; set; } = Summary.DefMaxAge;

    /// <summary>In how many steps the window slides.</summary>
    public int AgeBuckets { get; set; } = Summary.DefAgeBuckets;

    public int BufferSize { get; set; } = Summary.DefBufCap;
}

/// <summary>A quantile and by how much of the rank its estimate may be off.</summary>
public readonly struct QuantileEpsilonPair(double quantile, double epsilon)
{
    public double Quantile { get; } = quantile;

    public double Epsilon { get; } = epsilon;
}

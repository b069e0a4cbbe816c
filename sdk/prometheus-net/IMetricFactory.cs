using System.ComponentModel;

namespace Prometheus;

/// <summary>Creates metrics in one registry.</summary>
public interface IMetricFactory
{
    /// <summary>Where exemplars come from for metrics that don't say it themselves.</summary>
    ExemplarBehavior? ExemplarBehavior { get; set; }

    Counter CreateCounter(string name, string help, string[] labelNames, CounterConfiguration? configuration = null);

    Gauge CreateGauge(string name, string help, string[] labelNames, GaugeConfiguration? configuration = null);

    Histogram CreateHistogram(string name, string help, string[] labelNames, HistogramConfiguration? configuration = null);

    Summary CreateSummary(string name, string help, string[] labelNames, SummaryConfiguration? configuration = null);

    [EditorBrowsable(EditorBrowsableState.Never)]
    Counter CreateCounter(string name, string help, CounterConfiguration? configuration = null);

    [EditorBrowsable(EditorBrowsableState.Never)]
    Gauge CreateGauge(string name, string help, GaugeConfiguration? configuration = null);

    [EditorBrowsable(EditorBrowsableState.Never)]
    Histogram CreateHistogram(string name, string help, HistogramConfiguration? configuration = null);

    [EditorBrowsable(EditorBrowsableState.Never)]
    Summary CreateSummary(string name, string help, SummaryConfiguration? configuration = null);

    /// <summary>A factory whose metrics all have these labels besides their own.</summary>
    IMetricFactory WithLabels(IDictionary<string, string> labels);
}

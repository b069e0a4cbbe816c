using System.Diagnostics.CodeAnalysis;
using DaprMesh.Sidecar.Resources;
using Prometheus;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Creates daprd's metrics: its prefix, its buckets, the rules of the Configuration, and <c>app_id</c> on everything.</summary>
internal sealed class MetricFamilies
{
    private static readonly double[] DefaultLatencies =
    [
        1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200, 250, 300, 400, 500, 650, 800,
        1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
    ];

    private static readonly double[] Sizes =
    [
        1L << 10, 2L << 10, 4L << 10, 16L << 10, 64L << 10, 256L << 10, 1L << 20, 4L << 20, 16L << 20, 64L << 20, 256L << 20,
        1L << 30, 4L << 30,
    ];

    private readonly MetricFactory _metrics;
    private readonly LabelRules _rules;
    private readonly double[] _latencies;

    public MetricFamilies(CollectorRegistry registry, MetricsSpec spec, string appId)
    {
        _metrics = Metrics.WithCustomRegistry(registry);
        _metrics.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _rules = new LabelRules(spec.Rules);
        _latencies = spec.LatencyDistributionBuckets.Count > 0 ? [.. spec.LatencyDistributionBuckets.Distinct().Order()] : DefaultLatencies;
        AppId = appId;
    }

    public string AppId { get; }

    public Family<Counter.Child> Counter(string name, string help, params string[] labels) =>
        new(_metrics.CreateCounter("dapr_" + name, help, labels), _rules);

    public Family<Gauge.Child> Gauge(string name, string help, params string[] labels) =>
        new(_metrics.CreateGauge("dapr_" + name, help, labels), _rules);

    /// <summary>A histogram of milliseconds.</summary>
    public Family<Histogram.Child> Latency(string name, string help, params string[] labels) => Distribution(name, help, labels, _latencies);

    /// <summary>A histogram of bytes.</summary>
    public Family<Histogram.Child> Size(string name, string help, params string[] labels) => Distribution(name, help, labels, Sizes);

    private Family<Histogram.Child> Distribution(string name, string help, string[] labels, double[] buckets) =>
        new(_metrics.CreateHistogram("dapr_" + name, help, labels, new HistogramConfiguration { Buckets = buckets }), _rules);
}

/// <summary>One of daprd's metrics with the rules for its labels.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
internal readonly struct Family<TChild>(Collector<TChild> collector, LabelRules rules)
    where TChild : ChildBase
{
    private readonly LabelRules.Rule?[]? _rules = rules.For(collector.Name, collector.LabelNames);

    public TChild Of(ReadOnlySpan<string> labels) => _rules is null ? collector.WithLabels(labels) : Rewritten(_rules, labels);

    private TChild Rewritten(LabelRules.Rule?[] rules, ReadOnlySpan<string> labels)
    {
        var values = labels.ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = rules[i]?.Rewrite(values[i]) ?? values[i];
        }

        return collector.WithLabels(values);
    }
}

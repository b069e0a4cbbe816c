namespace Prometheus;

/// <summary>Creates metrics in one registry; a metric that is there already is returned.</summary>
public sealed class MetricFactory : IMetricFactory
{
    private readonly CollectorRegistry _registry;
    private readonly KeyValuePair<string, string>[] _labels;

    internal MetricFactory(CollectorRegistry registry, KeyValuePair<string, string>[] labels)
    {
        _registry = registry;
        _labels = labels;
    }

    public ExemplarBehavior? ExemplarBehavior { get; set; }

    public Counter CreateCounter(string name, string help, CounterConfiguration? configuration = null)
    {
        var settings = configuration ?? CounterConfiguration.Default;
        var labelNames = settings.LabelNames ?? [];
        return _registry.GetOrAdd(name, help, labelNames, _labels, MetricType.Counter, staticLabels =>
            new Counter(name, help, labelNames, staticLabels, settings.SuppressInitialValue, Exemplars(settings.ExemplarBehavior)));
    }

    public Counter CreateCounter(string name, string help, params string[] labelNames) => CreateCounter(name, help, labelNames, null);

    public Counter CreateCounter(string name, string help, string[] labelNames, CounterConfiguration? configuration = null) =>
        CreateCounter(name, help, new CounterConfiguration
        {
            LabelNames = Labels(labelNames, configuration),
            SuppressInitialValue = configuration?.SuppressInitialValue ?? false,
            ExemplarBehavior = configuration?.ExemplarBehavior,
        });

    public Gauge CreateGauge(string name, string help, GaugeConfiguration? configuration = null)
    {
        var settings = configuration ?? GaugeConfiguration.Default;
        var labelNames = settings.LabelNames ?? [];
        return _registry.GetOrAdd(name, help, labelNames, _labels, MetricType.Gauge, staticLabels =>
            new Gauge(name, help, labelNames, staticLabels, settings.SuppressInitialValue));
    }

    public Gauge CreateGauge(string name, string help, params string[] labelNames) => CreateGauge(name, help, labelNames, null);

    public Gauge CreateGauge(string name, string help, string[] labelNames, GaugeConfiguration? configuration = null) =>
        CreateGauge(name, help, new GaugeConfiguration
        {
            LabelNames = Labels(labelNames, configuration),
            SuppressInitialValue = configuration?.SuppressInitialValue ?? false,
        });

    public Histogram CreateHistogram(string name, string help, HistogramConfiguration? configuration = null)
    {
        var settings = configuration ?? HistogramConfiguration.Default;
        var labelNames = settings.LabelNames ?? [];
        return _registry.GetOrAdd(name, help, labelNames, _labels, MetricType.Histogram, staticLabels =>
            new Histogram(
                name, help, labelNames, staticLabels, settings.SuppressInitialValue, settings.Buckets, Exemplars(settings.ExemplarBehavior)));
    }

    public Histogram CreateHistogram(string name, string help, params string[] labelNames) =>
        CreateHistogram(name, help, labelNames, null);

    public Histogram CreateHistogram(string name, string help, string[] labelNames, HistogramConfiguration? configuration = null) =>
        CreateHistogram(name, help, new HistogramConfiguration
        {
            LabelNames = Labels(labelNames, configuration),
            SuppressInitialValue = configuration?.SuppressInitialValue ?? false,
            Buckets = configuration?.Buckets,
            ExemplarBehavior = configuration?.ExemplarBehavior,
        });

    public Summary CreateSummary(string name, string help, SummaryConfiguration? configuration = null)
    {
        var settings = configuration ?? SummaryConfiguration.Default;
        var labelNames = settings.LabelNames ?? [];
        return _registry.GetOrAdd(name, help, labelNames, _labels, MetricType.Summary, staticLabels =>
            new Summary(name, help, labelNames, staticLabels, settings, TimeProvider.System));
    }

    public Summary CreateSummary(string name, string help, params string[] labelNames) => CreateSummary(name, help, labelNames, null);

    public Summary CreateSummary(string name, string help, string[] labelNames, SummaryConfiguration? configuration = null)
    {
        var settings = configuration ?? SummaryConfiguration.Default;
        return CreateSummary(name, help, new SummaryConfiguration
        {
            LabelNames = Labels(labelNames, configuration),
            SuppressInitialValue = settings.SuppressInitialValue,
            Objectives = settings.Objectives,
            MaxAge = settings.MaxAge,
            AgeBuckets = settings.AgeBuckets,
            BufferSize = settings.BufferSize,
        });
    }

    public IMetricFactory WithLabels(IDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        foreach (var name in labels.Keys)
        {
            MetricNames.RequireLabelName(name);
            if (_labels.Any(known => known.Key == name))
                throw new InvalidOperationException($"The factory has the label '{name}' already.");
        }

        return new MetricFactory(_registry, [.. _labels, .. labels]) { ExemplarBehavior = ExemplarBehavior };
    }

    private static string[] Labels(string[] labelNames, MetricConfiguration? configuration)
    {
        ArgumentNullException.ThrowIfNull(labelNames);
        if (configuration?.LabelNames is { Length: > 0 } again && !again.SequenceEqual(labelNames))
            throw new ArgumentException("The label names of the configuration differ from those of the call.", nameof(labelNames));
        return labelNames;
    }

    private ExemplarBehavior Exemplars(ExemplarBehavior? own) => own ?? ExemplarBehavior ?? Prometheus.ExemplarBehavior.Default;
}

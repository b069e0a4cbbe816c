namespace Prometheus;

/// <summary>A metric that sums observations up as quantiles over a sliding time window.</summary>
public sealed class Summary : Collector<Summary.Child>, ISummary
{
    public static readonly TimeSpan DefMaxAge = TimeSpan.FromMinutes(10);
    public static readonly int DefAgeBuckets = 5;
    public static readonly int DefBufCap = 500;

    private readonly SummaryConfiguration _settings;
    private readonly TimeProvider _time;
    private readonly QuantileEpsilonPair[] _objectives;
    private readonly byte[][] _textQuantiles;
    private readonly byte[][] _openMetricsQuantiles;

    internal Summary(
        string name, string help, string[] labelNames, IReadOnlyList<KeyValuePair<string, string>> staticLabels,
        SummaryConfiguration settings, TimeProvider time)
        : base(name, help, labelNames, staticLabels, settings.SuppressInitialValue)
    {
        if (labelNames.Contains("quantile") || staticLabels.Any(label => label.Key == "quantile"))
            throw new ArgumentException("The label 'quantile' of a summary belongs to its quantiles.");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(settings.MaxAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.AgeBuckets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.BufferSize, 1);

        _settings = settings;
        _time = time;
        _objectives = [.. settings.Objectives.OrderBy(objective => objective.Quantile)];
        _textQuantiles = [.. _objectives.Select(o => LabelText.Encode("quantile", Numbers.Text(o.Quantile)))];
        _openMetricsQuantiles = [.. _objectives.Select(o => LabelText.Encode("quantile", Numbers.OpenMetricsText(o.Quantile)))];
        StartUnlabelled();
    }

    internal override MetricType Type => MetricType.Summary;

    private protected override int TimeseriesPerChild => _objectives.Length + 2;

    public void Observe(double val) => Unlabelled.Observe(val);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    private protected override Child NewChild(byte[] labels, bool publish) => new(this, labels, publish);

    /// <summary>One series of a summary.</summary>
    public sealed class Child : ChildBase, ISummary
    {
        private readonly Summary _parent;
        private readonly QuantileWindow? _window;
        private readonly Lock _lock = new();
        private double _sum;
        private long _count;

        internal Child(Summary parent, byte[] labels, bool publish)
            : base(parent, labels, publish, exemplars: null)
        {
            _parent = parent;
            if (parent._objectives.Length > 0)
                _window = new QuantileWindow(parent._objectives, parent._settings, parent._time);
        }

        public void Observe(double val)
        {
            if (double.IsNaN(val))
                return;
            lock (_lock)
            {
                _sum += val;
                _count++;
                _window?.Observe(val);
            }

            Publish();
        }

        internal override void Write(ExpositionWriter writer)
        {
            double sum;
            long count;
            Span<double> quantiles = stackalloc double[_parent._objectives.Length];
            lock (_lock)
            {
                sum = _sum;
                count = _count;
                _window?.Query(quantiles);
            }

            writer.Sample("_sum"u8, Labels, [], sum);
            writer.Sample("_count"u8, Labels, [], count);
            var labels = writer.IsOpenMetrics ? _parent._openMetricsQuantiles : _parent._textQuantiles;
            for (var i = 0; i < quantiles.Length; i++)
                writer.Sample([], Labels, labels[i], quantiles[i]);
        }
    }
}

namespace Prometheus;

/// <summary>A metric that counts observations in buckets, such as durations of requests.</summary>
public sealed class Histogram : Collector<Histogram.Child>, IHistogram
{
    private static readonly double[] DefaultBuckets = [.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10];

    private readonly double[] _bounds;
    private readonly byte[][] _textBounds;
    private readonly byte[][] _openMetricsBounds;
    private readonly ExemplarBehavior? _exemplars;

    internal Histogram(
        string name, string help, string[] labelNames, IReadOnlyList<KeyValuePair<string, string>> staticLabels,
        bool suppressInitialValue, double[]? buckets, ExemplarBehavior? exemplars)
        : base(name, help, labelNames, staticLabels, suppressInitialValue)
    {
        if (labelNames.Contains("le") || staticLabels.Any(label => label.Key == "le"))
            throw new ArgumentException("The label 'le' of a histogram belongs to its buckets.");

        _bounds = WithInfinity(buckets ?? DefaultBuckets);
        _textBounds = [.. _bounds.Select(bound => LabelText.Encode("le", Numbers.Text(bound)))];
        _openMetricsBounds = [.. _bounds.Select(bound => LabelText.Encode("le", Numbers.OpenMetricsText(bound)))];
        _exemplars = exemplars;
        StartUnlabelled();
    }

    public double Sum => Unlabelled.Sum;

    public long Count => Unlabelled.Count;

    internal override MetricType Type => MetricType.Histogram;

    private protected override int TimeseriesPerChild => _bounds.Length + 2;

    public static double[] ExponentialBuckets(double start, double factor, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(start);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(factor, 1);
        var buckets = new double[count];
        for (var i = 0; i < count; i++, start *= factor)
            buckets[i] = start;
        return buckets;
    }

    public static double[] LinearBuckets(double start, double width, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var buckets = new double[count];
        for (var i = 0; i < count; i++, start += width)
            buckets[i] = start;
        return buckets;
    }

    /// <summary>Every power of ten, each divided into equal steps: 1 and 2 with 4 divisions give 2.5, 5, 7.5, 10, 25, 50, 75, 100.</summary>
    public static double[] PowersOfTenDividedBuckets(int startPower, int endPower, int divisions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(startPower, endPower);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisions);
        var buckets = new List<double>();
        for (var power = startPower; power < endPower; power++)
        {
            for (var step = 1; step <= divisions; step++)
            {
                // Decimals keep 0.3 from becoming 0.30000000000000004.
                var bound = (double)((decimal)Math.Pow(10, power) * 10 * step / divisions);
                // The decades overlap where a division is smaller than the end of the decade before.
                if (buckets.Count == 0 || bound > buckets[^1])
                    buckets.Add(bound);
            }
        }

        return [.. buckets];
    }

    public void Observe(double val) => Unlabelled.Observe(val);

    public void Observe(double val, long count) => Unlabelled.Observe(val, count);

    public void Observe(double val, Exemplar? exemplar) => Unlabelled.Observe(val, exemplar);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    private protected override Child NewChild(byte[] labels, bool publish) => new(this, labels, publish, _exemplars);

    private static double[] WithInfinity(double[] buckets)
    {
        if (buckets.Length == 0)
            throw new ArgumentException("A histogram needs at least one bucket.", nameof(buckets));
        for (var i = 0; i < buckets.Length; i++)
        {
            if (double.IsNaN(buckets[i]) || (i > 0 && buckets[i] <= buckets[i - 1]))
                throw new ArgumentException("The buckets of a histogram must rise.", nameof(buckets));
        }

        return double.IsPositiveInfinity(buckets[^1]) ? [.. buckets] : [.. buckets, double.PositiveInfinity];
    }

    /// <summary>One series of a histogram.</summary>
    public sealed class Child : ChildBase, IHistogram
    {
        private readonly Histogram _parent;
        private readonly long[] _counts;
        private readonly RecordedExemplar?[] _exemplars;
        private AtomicDouble _sum;

        internal Child(Histogram parent, byte[] labels, bool publish, ExemplarBehavior? exemplars)
            : base(parent, labels, publish, exemplars)
        {
            _parent = parent;
            _counts = new long[parent._bounds.Length];
            _exemplars = new RecordedExemplar?[parent._bounds.Length];
        }

        public double Sum => _sum.Value;

        public long Count
        {
            get
            {
                var total = 0L;
                for (var i = 0; i < _counts.Length; i++)
                    total += Volatile.Read(ref _counts[i]);
                return total;
            }
        }

        public void Observe(double val) => Observe(val, 1, null);

        public void Observe(double val, long count) => Observe(val, count, null);

        public void Observe(double val, Exemplar? exemplarLabels) => Observe(val, 1, exemplarLabels);

        internal override void Write(ExpositionWriter writer)
        {
            // Counted from one copy of the buckets, so that _count equals the last bucket even while others observe.
            Span<long> counts = stackalloc long[_counts.Length];
            var total = 0L;
            for (var i = 0; i < counts.Length; i++)
                counts[i] = total += Volatile.Read(ref _counts[i]);

            writer.Sample("_sum"u8, Labels, [], _sum.Value);
            writer.Sample("_count"u8, Labels, [], total);
            var bounds = writer.IsOpenMetrics ? _parent._openMetricsBounds : _parent._textBounds;
            for (var i = 0; i < counts.Length; i++)
                writer.Sample("_bucket"u8, Labels, bounds[i], counts[i], Volatile.Read(ref _exemplars[i]));
        }

        private void Observe(double val, long count, Exemplar? exemplar)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            if (double.IsNaN(val))
                return;
            var bucket = BucketOf(val);
            if (TakeExemplar(exemplar, val) is { } taken)
                Volatile.Write(ref _exemplars[bucket], taken);
            Interlocked.Add(ref _counts[bucket], count);
            _sum.Add(val * count);
            Publish();
        }

        private int BucketOf(double val)
        {
            var bounds = _parent._bounds;
            int low = 0, high = bounds.Length - 1;
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (val <= bounds[middle])
                    high = middle;
                else
                    low = middle + 1;
            }

            return low;
        }
    }
}

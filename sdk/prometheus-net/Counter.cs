namespace Prometheus;

/// <summary>A metric that only rises, such as a number of requests.</summary>
public sealed class Counter : Collector<Counter.Child>, ICounter
{
    private readonly ExemplarBehavior? _exemplars;

    internal Counter(
        string name, string help, string[] labelNames, IReadOnlyList<KeyValuePair<string, string>> staticLabels,
        bool suppressInitialValue, ExemplarBehavior? exemplars)
        : base(name, help, labelNames, staticLabels, suppressInitialValue)
    {
        _exemplars = exemplars;
        StartUnlabelled();
    }

    public double Value => Unlabelled.Value;

    internal override MetricType Type => MetricType.Counter;

    public void Inc(double increment = 1) => Unlabelled.Inc(increment);

    public void Inc(Exemplar? exemplar) => Unlabelled.Inc(exemplar);

    public void Inc(double increment, Exemplar? exemplar) => Unlabelled.Inc(increment, exemplar);

    public void IncTo(double targetValue) => Unlabelled.IncTo(targetValue);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    private protected override Child NewChild(byte[] labels, bool publish) => new(this, labels, publish, _exemplars);

    /// <summary>One series of a counter.</summary>
    public sealed class Child : ChildBase, ICounter
    {
        private AtomicDouble _value;
        private RecordedExemplar? _exemplar;

        internal Child(Counter parent, byte[] labels, bool publish, ExemplarBehavior? exemplars)
            : base(parent, labels, publish, exemplars)
        {
        }

        public double Value => _value.Value;

        public void Inc(double increment = 1) => Inc(increment, null);

        public void Inc(Exemplar? exemplar) => Inc(1, exemplar);

        public void Inc(double increment, Exemplar? exemplar)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(increment);
            if (TakeExemplar(exemplar, increment) is { } taken)
                Volatile.Write(ref _exemplar, taken);
            _value.Add(increment);
            Publish();
        }

        public void IncTo(double targetValue)
        {
            _value.RaiseTo(targetValue);
            Publish();
        }

        internal override void Write(ExpositionWriter writer) =>
            writer.Sample(writer.CounterSuffix, Labels, [], _value.Value, Volatile.Read(ref _exemplar));
    }
}

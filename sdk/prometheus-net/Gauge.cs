namespace Prometheus;

/// <summary>A metric that rises and falls, such as a number of open connections.</summary>
public sealed class Gauge : Collector<Gauge.Child>, IGauge
{
    internal Gauge(
        string name, string help, string[] labelNames, IReadOnlyList<KeyValuePair<string, string>> staticLabels,
        bool suppressInitialValue)
        : base(name, help, labelNames, staticLabels, suppressInitialValue) => StartUnlabelled();

    public double Value => Unlabelled.Value;

    internal override MetricType Type => MetricType.Gauge;

    public void Inc(double increment = 1) => Unlabelled.Inc(increment);

    public void Set(double val) => Unlabelled.Set(val);

    public void Dec(double decrement = 1) => Unlabelled.Dec(decrement);

    public void IncTo(double targetValue) => Unlabelled.IncTo(targetValue);

    public void DecTo(double targetValue) => Unlabelled.DecTo(targetValue);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    private protected override Child NewChild(byte[] labels, bool publish) => new(this, labels, publish);

    /// <summary>One series of a gauge.</summary>
    public sealed class Child : ChildBase, IGauge
    {
        private AtomicDouble _value;

        internal Child(Gauge parent, byte[] labels, bool publish)
            : base(parent, labels, publish, exemplars: null)
        {
        }

        public double Value => _value.Value;

        public void Inc(double increment = 1)
        {
            _value.Add(increment);
            Publish();
        }

        public void Set(double val)
        {
            _value.Value = val;
            Publish();
        }

        public void Dec(double decrement = 1) => Inc(-decrement);

        public void IncTo(double targetValue)
        {
            _value.RaiseTo(targetValue);
            Publish();
        }

        public void DecTo(double targetValue)
        {
            _value.LowerTo(targetValue);
            Publish();
        }

        internal override void Write(ExpositionWriter writer) => writer.Sample([], Labels, [], _value.Value);
    }
}

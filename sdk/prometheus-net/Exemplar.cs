using System.Diagnostics;

namespace Prometheus;

/// <summary>Labels that point from a value to an example of it, usually a trace.</summary>
public sealed class Exemplar
{
    // OpenMetrics 1.0.0 limits the names and values of an exemplar to this many characters together.
    private const int MaxRunes = 128;

    /// <summary>Says that a value has no exemplar, also where one would be made by default.</summary>
    public static readonly Exemplar None = new([]);

    private static readonly LabelKey DefaultTraceIdKey = Key("trace_id");
    private static readonly LabelKey DefaultSpanIdKey = Key("span_id");

    private readonly LabelPair[] _labels;

    // The library alone makes exemplars without a check, from keys and ids that are known to be short.
    private Exemplar(LabelPair[] labels) => _labels = labels;

    public Exemplar()
        : this([])
    {
    }

    internal ReadOnlySpan<LabelPair> Labels => _labels;

    public static LabelKey Key(string key)
    {
        MetricNames.RequireLabelName(key);
        return new LabelKey(key);
    }

    public static LabelPair Pair(string key, string value) => Key(key).WithValue(value);

    public static Exemplar From(in LabelPair labelPair1) => Checked([labelPair1]);

    public static Exemplar From(in LabelPair labelPair1, in LabelPair labelPair2) => Checked([labelPair1, labelPair2]);

    public static Exemplar From(in LabelPair labelPair1, in LabelPair labelPair2, in LabelPair labelPair3) =>
        Checked([labelPair1, labelPair2, labelPair3]);

    public static Exemplar From(
        in LabelPair labelPair1, in LabelPair labelPair2, in LabelPair labelPair3, in LabelPair labelPair4) =>
        Checked([labelPair1, labelPair2, labelPair3, labelPair4]);

    public static Exemplar From(
        in LabelPair labelPair1, in LabelPair labelPair2, in LabelPair labelPair3, in LabelPair labelPair4,
        in LabelPair labelPair5) =>
        Checked([labelPair1, labelPair2, labelPair3, labelPair4, labelPair5]);

    public static Exemplar From(
        in LabelPair labelPair1, in LabelPair labelPair2, in LabelPair labelPair3, in LabelPair labelPair4,
        in LabelPair labelPair5, in LabelPair labelPair6) =>
        Checked([labelPair1, labelPair2, labelPair3, labelPair4, labelPair5, labelPair6]);

    public static Exemplar FromTraceContext() => FromTraceContext(DefaultTraceIdKey, DefaultSpanIdKey);

    public static Exemplar FromTraceContext(in LabelKey traceIdKey, in LabelKey spanIdKey) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? new Exemplar(
            [
                traceIdKey.WithValue(activity.TraceId.ToHexString()),
                spanIdKey.WithValue(activity.SpanId.ToHexString()),
            ])
            : None;

    public Exemplar Clone() => new(_labels);

    private static Exemplar Checked(LabelPair[] labels)
    {
        var runes = 0;
        foreach (var label in labels)
            runes += label.Key.Length + label.Value.EnumerateRunes().Count();
        if (runes > MaxRunes)
            throw new ArgumentException($"The labels of an exemplar have {runes} characters; {MaxRunes} are allowed.");
        return new Exemplar(labels);
    }

    /// <summary>A label name, checked once.</summary>
    public readonly struct LabelKey
    {
        private readonly string _key;

        internal LabelKey(string key) => _key = key;

        public LabelPair WithValue(string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            return new LabelPair(_key, value);
        }
    }

    /// <summary>A label name with its value.</summary>
    public readonly struct LabelPair
    {
        internal LabelPair(string key, string value)
        {
            Key = key;
            Value = value;
        }

        internal string Key { get; }

        internal string Value { get; }
    }
}

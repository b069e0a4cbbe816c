using System.Collections.Concurrent;

namespace Prometheus;

/// <summary>A metric with its series.</summary>
public abstract class Collector
{
    private protected Collector(string name, string help, string[] labelNames, IReadOnlyList<KeyValuePair<string, string>> staticLabels)
    {
        Name = name;
        Help = help;
        LabelNames = labelNames;
        StaticLabels = staticLabels;
    }

    public string Name { get; }

    public string Help { get; }

    public string[] LabelNames { get; }

    internal abstract MetricType Type { get; }

    internal abstract int ChildCount { get; }

    internal abstract int TimeseriesCount { get; }

    internal IReadOnlyList<KeyValuePair<string, string>> StaticLabels { get; }

    public override string ToString() => LabelNames.Length == 0 ? Name : $"{Name}{{{string.Join(',', LabelNames)}}}";

    internal abstract void Write(ExpositionWriter writer);

    internal abstract void RemoveChild(ChildBase child);

    internal bool HasLabels(ReadOnlySpan<string> names, IReadOnlyList<KeyValuePair<string, string>> staticLabels) =>
        names.SequenceEqual(LabelNames) && staticLabels.SequenceEqual(StaticLabels);
}

/// <summary>A metric whose series are of one kind.</summary>
public abstract class Collector<TChild> : Collector, ICollector<TChild>
    where TChild : ChildBase
{
    private readonly ConcurrentDictionary<string[], TChild> _children = new(LabelValuesComparer.Instance);
    private readonly ConcurrentDictionary<string[], TChild>.AlternateLookup<ReadOnlySpan<string>> _bySpan;
    private readonly bool _suppressInitialValue;
    private TChild? _unlabelled;

    private protected Collector(
        string name, string help, string[] labelNames, IReadOnlyList<KeyValuePair<string, string>> staticLabels,
        bool suppressInitialValue)
        : base(name, help, labelNames, staticLabels)
    {
        _bySpan = _children.GetAlternateLookup<ReadOnlySpan<string>>();
        _suppressInitialValue = suppressInitialValue;
    }

    TChild ICollector<TChild>.Unlabelled => Unlabelled;

    protected TChild Unlabelled => Volatile.Read(ref _unlabelled) ?? AddUnlabelled();

    internal override int ChildCount => _children.Count + (Volatile.Read(ref _unlabelled) is null ? 0 : 1);

    internal override int TimeseriesCount => ChildCount * TimeseriesPerChild;

    private protected virtual int TimeseriesPerChild => 1;

    public TChild WithLabels(params string[] labelValues)
    {
        ArgumentNullException.ThrowIfNull(labelValues);
        return _children.TryGetValue(labelValues, out var child) ? child : Add(labelValues);
    }

    public TChild WithLabels(ReadOnlyMemory<string> labelValues) => WithLabels(labelValues.Span);

    public TChild WithLabels(ReadOnlySpan<string> labelValues) =>
        _bySpan.TryGetValue(labelValues, out var child) ? child : Add(labelValues);

    [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
    public TChild Labels(params string[] labelValues) => WithLabels(labelValues);

    public void RemoveLabelled(params string[] labelValues)
    {
        ArgumentNullException.ThrowIfNull(labelValues);
        _children.TryRemove(labelValues, out _);
    }

    public IEnumerable<string[]> GetAllLabelValues()
    {
        foreach (var (values, _) in _children)
            yield return [.. values];
    }

    internal override void RemoveChild(ChildBase child)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _unlabelled, null, child as TChild), child))
            return;
        foreach (var entry in _children)
        {
            if (ReferenceEquals(entry.Value, child))
                _children.TryRemove(entry);
        }
    }

    internal override void Write(ExpositionWriter writer)
    {
        if (Volatile.Read(ref _unlabelled) is { IsPublished: true } unlabelled)
            unlabelled.Write(writer);
        foreach (var (_, child) in _children)
        {
            if (child.IsPublished)
                child.Write(writer);
        }
    }

    private protected abstract TChild NewChild(byte[] labels, bool publish);

    /// <summary>A metric without labels is exported from its creation on, with the value 0.</summary>
    private protected void StartUnlabelled()
    {
        if (LabelNames.Length == 0)
            AddUnlabelled();
    }

    private TChild AddUnlabelled()
    {
        var child = NewChild(LabelText.Encode([], [], StaticLabels), !_suppressInitialValue);
        return Interlocked.CompareExchange(ref _unlabelled, child, null) ?? child;
    }

    private TChild Add(ReadOnlySpan<string> labelValues)
    {
        if (labelValues.Length != LabelNames.Length)
            throw new ArgumentException($"{Name} has {LabelNames.Length} labels, but {labelValues.Length} values were given.", nameof(labelValues));
        if (labelValues.IsEmpty)
            return Unlabelled;
        foreach (var value in labelValues)
            ArgumentNullException.ThrowIfNull(value, nameof(labelValues));

        var labels = LabelText.Encode(LabelNames, labelValues, StaticLabels);
        return _children.GetOrAdd(labelValues.ToArray(), NewChild(labels, !_suppressInitialValue));
    }
}

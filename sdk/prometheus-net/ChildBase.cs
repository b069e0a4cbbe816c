using System.Diagnostics;
using System.Text;

namespace Prometheus;

/// <summary>One series of a metric.</summary>
public abstract class ChildBase : ICollectorChild, IDisposable
{
    private readonly ExemplarBehavior? _exemplars;
    private volatile bool _published;
    private long _lastExemplar;

    private protected ChildBase(Collector parent, byte[] labels, bool publish, ExemplarBehavior? exemplars)
    {
        Parent = parent;
        Labels = labels;
        _published = publish;
        _exemplars = exemplars;
    }

    internal bool IsPublished => _published;

    /// <summary>The labels as they are exported, between the braces.</summary>
    private protected byte[] Labels { get; }

    private protected Collector Parent { get; }

    /// <summary>Exports the series from now on, even if it was told to wait for its first value.</summary>
    public void Publish()
    {
        // Reading first keeps the line of the flag shared between the cores that count.
        if (!_published)
            _published = true;
    }

    /// <summary>Leaves the series out of the export until its next value.</summary>
    public void Unpublish() => _published = false;

    /// <summary>Forgets the series; the next use of its label values starts a new one.</summary>
    public void Remove() => Parent.RemoveChild(this);

    public void Dispose()
    {
        Remove();
        GC.SuppressFinalize(this);
    }

    public override string ToString() =>
        Labels.Length == 0 ? Parent.Name : $"{Parent.Name}{{{Encoding.UTF8.GetString(Labels)}}}";

    internal abstract void Write(ExpositionWriter writer);

    /// <summary>The exemplar to keep with a value, or null when it gets none.</summary>
    private protected RecordedExemplar? TakeExemplar(Exemplar? given, double value)
    {
        if (_exemplars is null || ReferenceEquals(given, Exemplar.None) || !MayRecordExemplar(_exemplars))
            return null;
        var exemplar = given ?? _exemplars.DefaultExemplarProvider?.Invoke(Parent, value) ?? Exemplar.None;
        if (exemplar.Labels.IsEmpty)
            return null;
        Volatile.Write(ref _lastExemplar, Stopwatch.GetTimestamp());
        return new RecordedExemplar(exemplar, value, TimeProvider.System.GetUtcNow());
    }

    private bool MayRecordExemplar(ExemplarBehavior behavior)
    {
        if (behavior.NewExemplarMinInterval <= TimeSpan.Zero)
            return true;
        var last = Volatile.Read(ref _lastExemplar);
        return behavior.NewExemplarMinInterval != TimeSpan.MaxValue
            && (last == 0 || Stopwatch.GetElapsedTime(last) >= behavior.NewExemplarMinInterval);
    }
}

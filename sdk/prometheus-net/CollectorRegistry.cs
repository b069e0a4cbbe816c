using System.Diagnostics;

namespace Prometheus;

/// <summary>A set of metrics that are exported together.</summary>
public sealed class CollectorRegistry : ICollectorRegistry
{
    private const int FlushAt = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, CollectorFamily> _byName = new(StringComparer.Ordinal);
    private CollectorFamily[] _families = [];
    private Func<CancellationToken, Task>[] _beforeCollect = [];
    private Action<CollectorRegistry>? _beforeFirstCollect;
    private KeyValuePair<string, string>[] _staticLabels = [];

    public CollectorRegistry()
    {
    }

    /// <summary>A registry that completes itself when it is exported for the first time.</summary>
    internal CollectorRegistry(Action<CollectorRegistry> beforeFirstCollect) => _beforeFirstCollect = beforeFirstCollect;

    public IEnumerable<KeyValuePair<string, string>> StaticLabels => _staticLabels;

    internal ReadOnlySpan<CollectorFamily> Families => Volatile.Read(ref _families);

    /// <summary>Labels for every series of the registry; they are set once, before the first metric.</summary>
    public void SetStaticLabels(IDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        lock (_lock)
        {
            if (_staticLabels.Length > 0)
                throw new InvalidOperationException("The static labels of this registry are set already.");
            if (_families.Length > 0)
                throw new InvalidOperationException("Static labels must be set before the first metric is added.");
            foreach (var name in labels.Keys)
                MetricNames.RequireLabelName(name);
            _staticLabels = [.. labels];
        }
    }

    public void AddBeforeCollectCallback(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        AddBeforeCollectCallback(_ =>
        {
            callback();
            return Task.CompletedTask;
        });
    }

    public void AddBeforeCollectCallback(Func<CancellationToken, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        lock (_lock)
            _beforeCollect = [.. _beforeCollect, callback];
    }

    public Task CollectAndExportAsTextAsync(Stream to, CancellationToken cancel = default) =>
        CollectAndExportAsTextAsync(to, ExpositionFormat.PrometheusText, cancel);

    public Task CollectAndExportAsTextAsync(Stream to, ExpositionFormat format, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        return ExportAsync([this], to, format, cancel);
    }

    /// <summary>Exports registries as one: a family that several have is declared once.</summary>
    internal static async Task ExportAsync(
        IReadOnlyList<CollectorRegistry> registries, Stream to, ExpositionFormat format, CancellationToken cancel)
    {
        foreach (var registry in registries)
            await registry.BeforeCollectAsync(cancel);

        using var writer = new ExpositionWriter(format);
        var declared = new Dictionary<string, List<CollectorFamily>>(StringComparer.Ordinal);
        var order = new List<List<CollectorFamily>>();
        foreach (var registry in registries)
            Gather(registry, declared, order);

        foreach (var families in order)
        {
            writer.Family(families[0].Name, families[0].Help, families[0].Type);
            foreach (var family in families)
                WriteSeries(family, writer);
            writer.EndFamily();
            if (writer.Length >= FlushAt)
                await writer.FlushAsync(to, cancel);
        }

        writer.EndOfExport();
        await writer.FlushAsync(to, cancel);
    }

    internal TCollector GetOrAdd<TCollector>(
        string name, string help, string[] labelNames, IReadOnlyList<KeyValuePair<string, string>> factoryLabels, MetricType type,
        Func<IReadOnlyList<KeyValuePair<string, string>>, TCollector> create)
        where TCollector : Collector
    {
        lock (_lock)
        {
            IReadOnlyList<KeyValuePair<string, string>> staticLabels = [.. factoryLabels, .. _staticLabels];
            if (!_byName.TryGetValue(name, out var family))
            {
                RequireNames(name, labelNames, staticLabels);
                family = new CollectorFamily(name, type);
                family.Add(create(staticLabels));
                _byName.Add(name, family);
                Volatile.Write(ref _families, [.. _families, family]);
                return (TCollector)family.Collectors[0];
            }

            if (family.Type != type)
                throw new InvalidOperationException($"The metric {name} exists already, as a {family.Type} and not a {type}.");
            foreach (var existing in family.Collectors)
            {
                if (existing.HasLabels(labelNames, staticLabels))
                    return (TCollector)existing;
            }

            RequireNames(name, labelNames, staticLabels);
            var collector = create(staticLabels);
            family.Add(collector);
            return collector;
        }
    }

    private static void Gather(
        CollectorRegistry registry, Dictionary<string, List<CollectorFamily>> declared, List<List<CollectorFamily>> order)
    {
        foreach (var family in registry.Families)
        {
            if (!declared.TryGetValue(family.Name, out var sameName))
            {
                declared.Add(family.Name, sameName = [family]);
                order.Add(sameName);
            }
            else if (sameName[0].Type == family.Type)
            {
                sameName.Add(family);
            }
        }
    }

    private static void WriteSeries(CollectorFamily family, ExpositionWriter writer)
    {
        foreach (var collector in family.Collectors)
            collector.Write(writer);
    }

    private static void RequireNames(string name, string[] labelNames, IReadOnlyList<KeyValuePair<string, string>> staticLabels)
    {
        MetricNames.RequireMetricName(name);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var label in labelNames)
        {
            MetricNames.RequireLabelName(label);
            if (!seen.Add(label))
                throw new ArgumentException($"The metric {name} names its label '{label}' twice.", nameof(labelNames));
        }

        foreach (var (label, _) in staticLabels)
        {
            if (!seen.Add(label))
                throw new InvalidOperationException($"The metric {name} has a label '{label}' that is a static label too.");
        }
    }

    private async Task BeforeCollectAsync(CancellationToken cancel)
    {
        Interlocked.Exchange(ref _beforeFirstCollect, null)?.Invoke(this);
        foreach (var callback in Volatile.Read(ref _beforeCollect))
        {
            try
            {
                await callback(cancel);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                // A value that can't be had must not take all others out of the export.
                Trace.TraceWarning("A callback before the export of metrics failed: {0}", failure);
            }
        }
    }
}

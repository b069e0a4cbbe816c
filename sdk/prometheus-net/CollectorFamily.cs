namespace Prometheus;

/// <summary>All metrics of one name in a registry; they differ in their label names only.</summary>
internal sealed class CollectorFamily(string name, MetricType type)
{
    private Collector[] _collectors = [];

    public string Name => name;

    public MetricType Type => type;

    public string Help => Collectors[0].Help;

    public ReadOnlySpan<Collector> Collectors => Volatile.Read(ref _collectors);

    public void Add(Collector collector) => Volatile.Write(ref _collectors, [.. _collectors, collector]);
}

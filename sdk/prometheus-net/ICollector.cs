namespace Prometheus;

/// <summary>A metric by name, before its label values are chosen.</summary>
public interface ICollector
{
    string Name { get; }

    string Help { get; }

    string[] LabelNames { get; }
}

/// <summary>A metric whose series are of one kind.</summary>
public interface ICollector<out TChild> : ICollector
    where TChild : ICollectorChild
{
    TChild Unlabelled { get; }

    TChild WithLabels(params string[] labelValues);

    TChild WithLabels(ReadOnlyMemory<string> labelValues);

    TChild WithLabels(ReadOnlySpan<string> labelValues);
}

/// <summary>One series of a metric: the metric with all its label values.</summary>
public interface ICollectorChild;

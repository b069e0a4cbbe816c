using System.Collections.Concurrent;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Remembers the labels of the first paths there are. Paths with ids in them are too many to be kept; theirs are worked out each time.</summary>
internal sealed class PathLabelCache(Func<string, string> find)
{
    private const int Capacity = 1024;
    private readonly ConcurrentDictionary<string, string> _labels = new(StringComparer.Ordinal);
    private int _count;

    public string Of(string path)
    {
        if (_labels.TryGetValue(path, out var known))
        {
            return known;
        }

        var label = find(path);
        if (Volatile.Read(ref _count) < Capacity && _labels.TryAdd(path, label))
        {
            Interlocked.Increment(ref _count);
        }

        return label;
    }
}

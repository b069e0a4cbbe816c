namespace DaprMesh.Sidecar.Resiliency;

/// <summary>The breakers of one target by key; beyond its size the one that was not used for longest is forgotten.</summary>
internal sealed class BreakerCache(int size)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, CircuitBreaker Breaker)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, CircuitBreaker Breaker)> _byUse = new();

    public CircuitBreaker Get(string key, Func<string, CircuitBreaker> create)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var node))
            {
                _byUse.Remove(node);
            }
            else
            {
                if (_byKey.Count >= size)
                {
                    _byKey.Remove(_byUse.Last!.Value.Key);
                    _byUse.RemoveLast();
                }

                node = new((key, create(key)));
                _byKey.Add(key, node);
            }

            _byUse.AddFirst(node);
            return node.Value.Breaker;
        }
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Dapr.Actors.Runtime;

/// <summary>The states that were read or changed, by name.</summary>
internal sealed class ActorStateCache
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public enum Change
    {
        None,
        Upsert,
        Remove,
    }

    public IEnumerable<KeyValuePair<string, Entry>> Changes => _entries.Where(entry => entry.Value.Change != Change.None);

    public bool TryGet(string name, [NotNullWhen(true)] out Entry? entry) => _entries.TryGetValue(name, out entry);

    public void Put(string name, Entry entry) => _entries[name] = entry;

    public void Forget(string name) => _entries.Remove(name);

    public void Clear() => _entries.Clear();

    public sealed record Entry(object? Value, Type Type, Change Change, DateTimeOffset? Expires)
    {
        public static readonly Entry Removed = new(null, typeof(object), Change.Remove, null);

        public bool IsThere(DateTimeOffset now) => Change != Change.Remove && !(Expires <= now);
    }
}

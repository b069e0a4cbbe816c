using DaprMesh.State.Indexes;

namespace DaprMesh.State;

/// <summary>How one kind of document is kept.</summary>
public sealed class StateStoreBuilder<T> where T : class
{
    private readonly List<IndexDefinition<T>> _indexes = [];

    internal StateStoreBuilder()
    {
    }

    internal string KeyPrefix { get; private set; } = Contracts.Topic.Of(typeof(T));

    internal int ShardCount { get; private set; } = 1;

    internal string ComponentName { get; private set; } = Contracts.Components.StateStore;

    internal string PubSubName { get; private set; } = Contracts.Components.PubSub;

    internal IReadOnlyList<IndexDefinition<T>> Indexes => _indexes;

    /// <summary>What keys begin with and codes of refusals are named after; the type's name in kebab case when not said.</summary>
    public StateStoreBuilder<T> Prefix(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        KeyPrefix = prefix;
        return this;
    }

    /// <summary>The Dapr state store; <c>statestore</c> when not said.</summary>
    public StateStoreBuilder<T> Component(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ComponentName = name;
        return this;
    }

    /// <summary>The Dapr pub/sub component for the events; <c>pubsub</c> when not said.</summary>
    public StateStoreBuilder<T> PubSub(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        PubSubName = name;
        return this;
    }

    /// <summary>Lists by a value, newest first. The time of a document must not change, or a page may miss it or show it twice.</summary>
    /// <param name="value">Null: the document is not in the index.</param>
    public StateStoreBuilder<T> Index(string name, Func<T, string?> value, Func<T, DateTimeOffset> newest)
    {
        ArgumentNullException.ThrowIfNull(newest);
        return Index(name, value, order: document => IndexDefinition<T>.NewestFirst(newest(document)));
    }

    /// <summary>Lists by a value, in the ordinal order of a text.</summary>
    /// <param name="value">Null: the document is not in the index.</param>
    public StateStoreBuilder<T> Index(string name, Func<T, string?> value, Func<T, string> order)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(order);
        _indexes.Add(new IndexDefinition<T>(name, value, order));
        return this;
    }

    /// <summary>
    /// Spreads documents and indexes by id, so that replicas of a service that write at the same time meet less often. A list reads every shard.
    /// The number must stay as it is once there are documents.
    /// </summary>
    public StateStoreBuilder<T> Shards(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 64);
        ShardCount = count;
        return this;
    }
}

using static Dapr.Actors.Runtime.ActorStateCache;

namespace Dapr.Actors.Runtime;

/// <summary>Caches and tracks the state of one activation, and of each reentrant turn in it.</summary>
internal sealed class ActorStateManager(Actor actor) : IActorStateManager
{
    private readonly ActorStateCache _cache = new();

    private ActorStateCache Cache => ActorTurn.Current?.CacheOf(actor) ?? _cache;

    private SidecarState Store => actor.Host.State ?? throw new InvalidOperationException(
        "This actor was made without a sidecar, so it has no state. In a test, set Actor.StateManager to a substitute.");

    private DateTimeOffset Now => Store.Clock.GetUtcNow();

    public Task AddStateAsync<T>(string stateName, T value, CancellationToken cancellationToken) =>
        AddAsync(stateName, value, null, cancellationToken);

    public Task AddStateAsync<T>(string stateName, T value, TimeSpan ttl, CancellationToken cancellationToken) =>
        AddAsync(stateName, value, ttl, cancellationToken);

    public Task<bool> TryAddStateAsync<T>(string stateName, T value, CancellationToken cancellationToken) =>
        TryAddAsync(stateName, value, null, cancellationToken);

    public Task<bool> TryAddStateAsync<T>(string stateName, T value, TimeSpan ttl, CancellationToken cancellationToken) =>
        TryAddAsync(stateName, value, ttl, cancellationToken);

    public async Task<T> GetStateAsync<T>(string stateName, CancellationToken cancellationToken) =>
        await TryGetStateAsync<T>(stateName, cancellationToken) is { HasValue: true } found ? found.Value : throw Missing(stateName);

    public async Task<ConditionalValue<T>> TryGetStateAsync<T>(string stateName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        var (store, cache) = (Store, Cache);
        if (cache.TryGet(stateName, out var known))
            return known.IsThere(Now) ? new ConditionalValue<T>(true, (T)known.Value!) : default;

        if (await store.ReadAsync<T>(stateName, cancellationToken) is not { } found)
            return default;
        cache.Put(stateName, new Entry(found.Value, typeof(T), Change.None, found.Expires));
        return new ConditionalValue<T>(true, found.Value);
    }

    public Task<T> GetOrAddStateAsync<T>(string stateName, T value, CancellationToken cancellationToken) =>
        GetOrAddAsync(stateName, value, null, cancellationToken);

    public Task<T> GetOrAddStateAsync<T>(string stateName, T value, TimeSpan ttl, CancellationToken cancellationToken) =>
        GetOrAddAsync(stateName, value, ttl, cancellationToken);

    public Task SetStateAsync<T>(string stateName, T value, CancellationToken cancellationToken) => Set(stateName, value, null);

    public Task SetStateAsync<T>(string stateName, T value, TimeSpan ttl, CancellationToken cancellationToken) => Set(stateName, value, ttl);

    public Task<T> AddOrUpdateStateAsync<T>(
        string stateName, T addValue, Func<string, T, T> updateValueFactory, CancellationToken cancellationToken) =>
        AddOrUpdateAsync(stateName, addValue, updateValueFactory, null, cancellationToken);

    public Task<T> AddOrUpdateStateAsync<T>(
        string stateName, T addValue, Func<string, T, T> updateValueFactory, TimeSpan ttl, CancellationToken cancellationToken) =>
        AddOrUpdateAsync(stateName, addValue, updateValueFactory, ttl, cancellationToken);

    public async Task RemoveStateAsync(string stateName, CancellationToken cancellationToken)
    {
        if (!await TryRemoveStateAsync(stateName, cancellationToken))
            throw Missing(stateName);
    }

    public async Task<bool> TryRemoveStateAsync(string stateName, CancellationToken cancellationToken)
    {
        var cache = Cache;
        if (!await ContainsStateAsync(stateName, cancellationToken))
            return false;
        cache.Put(stateName, Entry.Removed);
        return true;
    }

    public async Task<bool> ContainsStateAsync(string stateName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        var store = Store;
        return Cache.TryGet(stateName, out var known) ? known.IsThere(Now) : await store.ContainsAsync(stateName, cancellationToken);
    }

    public Task UnloadStateAsync(string stateName, UnloadStateOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        if (Cache.TryGet(stateName, out var known) && known.Change != Change.None && options?.AllowUnloadingWhenStateModified != true)
            throw new InvalidOperationException(
                $"State '{stateName}' was changed and is not saved yet; {nameof(UnloadStateOptions.AllowUnloadingWhenStateModified)} lets it go all the same.");
        Cache.Forget(stateName);
        return Task.CompletedTask;
    }

    public Task ClearCacheAsync(CancellationToken cancellationToken)
    {
        Cache.Clear();
        return Task.CompletedTask;
    }

    public async Task SaveStateAsync(CancellationToken cancellationToken)
    {
        var cache = Cache;
        var changes = cache.Changes.ToList();
        if (changes.Count == 0)
            return;

        await Store.WriteAsync(changes, cancellationToken);
        foreach (var (name, entry) in changes)
        {
            // What was changed while the transaction was under way is still to be saved.
            if (!cache.TryGet(name, out var current) || !ReferenceEquals(current, entry))
                continue;
            if (entry.Change == Change.Remove)
                cache.Forget(name);
            else
                cache.Put(name, entry with { Change = Change.None });
        }
    }

    private static KeyNotFoundException Missing(string stateName) => new($"The actor has no state '{stateName}'.");

    private Task Set<T>(string stateName, T value, TimeSpan? ttl)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        Cache.Put(stateName, new Entry(value, typeof(T), Change.Upsert, ttl is null ? null : Now + ttl));
        return Task.CompletedTask;
    }

    private async Task AddAsync<T>(string stateName, T value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        if (!await TryAddAsync(stateName, value, ttl, cancellationToken))
            throw new InvalidOperationException($"The actor already has a state '{stateName}'.");
    }

    private async Task<bool> TryAddAsync<T>(string stateName, T value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        if (await ContainsStateAsync(stateName, cancellationToken))
            return false;
        await Set(stateName, value, ttl);
        return true;
    }

    private async Task<T> GetOrAddAsync<T>(string stateName, T value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        if (await TryGetStateAsync<T>(stateName, cancellationToken) is { HasValue: true } found)
            return found.Value;
        await Set(stateName, value, ttl);
        return value;
    }

    private async Task<T> AddOrUpdateAsync<T>(
        string stateName, T addValue, Func<string, T, T> updateValueFactory, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        var value = await TryGetStateAsync<T>(stateName, cancellationToken) is { HasValue: true } found
            ? updateValueFactory(stateName, found.Value)
            : addValue;
        await Set(stateName, value, ttl);
        return value;
    }
}

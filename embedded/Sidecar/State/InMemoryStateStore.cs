using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.State;

/// <summary><c>state.in-memory</c>: a dictionary that is gone with the sidecar.</summary>
internal sealed class InMemoryStateStore(Component component, SidecarContext context) : IStateStore
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StateItem> _items = new(StringComparer.Ordinal);
    private ITimer? _sweeper;

    public StateSettings Settings { get; } = StateSettings.Of(component, context);

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL", "DELETE_WITH_PREFIX", "KEYS_LIKE", "ACTOR"];

    public Task InitAsync(CancellationToken ct)
    {
        ActorStateStore.Claim(component, context);
        _sweeper = context.Clock.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        return Task.CompletedTask;
    }

    public ValueTask<StateItem?> GetAsync(string key, CancellationToken ct)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(Find(key));
        }
    }

    public ValueTask<IReadOnlyList<StateItem?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var items = new StateItem?[keys.Count];
        lock (_lock)
        {
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = Find(keys[i]);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<StateItem?>>(items);
    }

    public Task RunAsync(StateOperation operation, CancellationToken ct)
    {
        StateRules.CheckOptions(operation);
        var seconds = StateRules.LenientTtl(operation);
        lock (_lock)
        {
            CheckCondition(operation);
            Apply(operation, seconds);
        }

        return Task.CompletedTask;
    }

    public Task TransactAsync(IReadOnlyList<StateOperation> operations, CancellationToken ct)
    {
        var seconds = new long[operations.Count];
        for (var i = 0; i < seconds.Length; i++)
        {
            StateRules.CheckOptions(operations[i]);
            seconds[i] = StateRules.LenientTtl(operations[i]);
        }

        lock (_lock)
        {
            foreach (var operation in operations)
            {
                CheckCondition(operation);
            }

            for (var i = 0; i < seconds.Length; i++)
            {
                Apply(operations[i], seconds[i]);
            }
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _sweeper?.DisposeAsync() ?? ValueTask.CompletedTask;

    private StateItem? Find(string key) => _items.TryGetValue(key, out var item) && !IsExpired(item) ? item : null;

    private bool IsExpired(StateItem item) => item.Expires <= context.Clock.GetUtcNow();

    private void CheckCondition(StateOperation operation)
    {
        var item = Find(operation.Key);
        if (operation.HasETag)
        {
            if (item is null)
            {
                throw new ETagMismatchException($"state not exist or expired for key={operation.Key}");
            }

            if (item.ETag != operation.ETag)
            {
                throw new ETagMismatchException(
                    $"state etag not match for key={operation.Key}: current={item.ETag}, expect={operation.ETag}");
            }
        }
        else if (operation is { IsFirstWrite: true } && item is not null)
        {
            throw new ETagMismatchException("item already exists and no etag was passed");
        }
    }

    private void Apply(StateOperation operation, long seconds)
    {
        if (operation.Kind == StateOperationKind.Delete)
        {
            _items.Remove(operation.Key);
            return;
        }

        var now = context.Clock.GetUtcNow();
        DateTimeOffset? expires = seconds switch
        {
            0 => null,
            _ when seconds > (DateTimeOffset.MaxValue - now).TotalSeconds => DateTimeOffset.MaxValue,
            _ => now.AddSeconds(seconds),
        };
        _items[operation.Key] = new StateItem(operation.Value.ToArray(), Guid.NewGuid().ToString(), expires);
    }

    private void Sweep()
    {
        lock (_lock)
        {
            foreach (var (key, item) in _items)
            {
                if (IsExpired(item))
                {
                    _items.Remove(key);
                }
            }
        }
    }
}

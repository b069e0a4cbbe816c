using DaprMesh.Sidecar.State;

namespace DaprMesh.Testing;

/// <summary>A state store that fails when a switch says so.</summary>
internal sealed class WatchedStateStore(string name, IStateStore inner, Faults faults) : IStateStore
{
    public StateSettings Settings => inner.Settings;

    public bool AnswersKeyOnce => inner.AnswersKeyOnce;

    public IReadOnlyList<string> Capabilities => inner.Capabilities;

    public Task InitAsync(CancellationToken ct) => inner.InitAsync(ct);

    public ValueTask<StateItem?> GetAsync(string key, CancellationToken ct)
    {
        faults.BeforeUse(name);
        return inner.GetAsync(key, ct);
    }

    public ValueTask<IReadOnlyList<StateItem?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        faults.BeforeUse(name);
        return inner.GetManyAsync(keys, ct);
    }

    public async Task RunAsync(StateOperation operation, CancellationToken ct)
    {
        faults.BeforeUse(name);
        await inner.RunAsync(operation, ct);
    }

    public async Task TransactAsync(IReadOnlyList<StateOperation> operations, CancellationToken ct)
    {
        faults.BeforeUse(name);
        await inner.TransactAsync(operations, ct);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

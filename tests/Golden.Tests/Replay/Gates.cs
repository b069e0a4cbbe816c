using System.Collections.Concurrent;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Holds calls back inside an app until a step lets them go.</summary>
internal sealed class Gates
{
    private readonly ConcurrentDictionary<string, Gate> _gates = new();

    /// <summary>Called by the app: waits until the call may go on.</summary>
    public Task PassAsync(string path, CancellationToken ct)
    {
        var gate = _gates.GetOrAdd(path, static _ => new Gate());
        gate.Held.TrySetResult();
        return gate.Open.Task.WaitAsync(ct);
    }

    /// <summary>Called by the app when a call that was held has been answered.</summary>
    public void Left(string path) => _gates[path].Answered.TrySetResult();

    /// <summary>Lets the calls to a path go and waits until the app has answered.</summary>
    public async Task OpenAsync(string path, TimeSpan atMost, CancellationToken ct)
    {
        var gate = _gates.GetOrAdd(path, static _ => new Gate());
        gate.Open.TrySetResult();
        if (gate.Held.Task.IsCompleted)
            await Task.WhenAny(gate.Answered.Task, Task.Delay(atMost, TimeProvider.System, ct));
    }

    /// <summary>The paths that hold a call now.</summary>
    public IEnumerable<string> Closed => _gates
        .Where(gate => gate.Value.Held.Task.IsCompleted && !gate.Value.Open.Task.IsCompleted)
        .Select(gate => gate.Key);

    private sealed class Gate
    {
        public TaskCompletionSource Held { get; } = NewSignal();

        public TaskCompletionSource Open { get; } = NewSignal();

        public TaskCompletionSource Answered { get; } = NewSignal();

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

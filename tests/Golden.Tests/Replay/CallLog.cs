namespace DaprMesh.Golden.Tests.Replay;

/// <summary>All calls that reached the apps of a scenario, in order of arrival, and the marks of their scripts.</summary>
internal sealed class CallLog
{
    private readonly Lock _lock = new();
    private readonly List<AppCall> _calls = [];
    private readonly List<string> _marks = [];
    private TaskCompletionSource _changed = NewSignal();

    public IReadOnlyList<AppCall> All
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    public IReadOnlyList<string> Marks
    {
        get
        {
            lock (_lock)
                return [.. _marks];
        }
    }

    public void Add(AppCall call)
    {
        lock (_lock)
        {
            _calls.Add(call);
            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }

    public void Mark(string mark)
    {
        lock (_lock)
            _marks.Add(mark);
    }

    /// <summary>Waits until <paramref name="enough"/> holds for the calls, or the time is over.</summary>
    public async Task WaitAsync(Func<IReadOnlyList<AppCall>, bool> enough, TimeSpan atMost, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(atMost);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (enough([.. _calls]))
                    return;
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

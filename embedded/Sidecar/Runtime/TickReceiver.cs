namespace DaprMesh.Sidecar.Runtime;

internal enum TickOutcome
{
    Done,
    Failed,

    /// <summary>The receiver is on its way out; another one will get the tick.</summary>
    NotDelivered,
}

/// <summary>Takes the ticks of one target.</summary>
internal sealed class TickReceiver(string target, Func<SchedulerJob, CancellationToken, Task<TickOutcome>> deliver) : IDisposable
{
    private readonly CancellationTokenSource _ends = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _running;
    private bool _closed;

    public string Target { get; } = target;

    public async Task<TickOutcome> DeliverAsync(SchedulerJob job)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return TickOutcome.NotDelivered;
            }

            _running++;
        }

        try
        {
            return await deliver(job, _ends.Token);
        }
        catch (OperationCanceledException) when (_ends.IsCancellationRequested)
        {
            return TickOutcome.NotDelivered;
        }
        finally
        {
            lock (_lock)
            {
                if (--_running == 0 && _closed)
                {
                    _drained.TrySetResult();
                }
            }
        }
    }

    /// <summary>Takes no more and waits for what runs, as long as there is time.</summary>
    public async Task CloseAsync(CancellationToken hurry)
    {
        lock (_lock)
        {
            _closed = true;
            if (_running == 0)
            {
                _drained.TrySetResult();
            }
        }

        await using (hurry.Register(_ends.Cancel))
        {
            await _drained.Task;
        }
    }

    public void Dispose() => _ends.Dispose();
}

using Dapr;
using DaprMesh.State.Outbox;

namespace DaprMesh.State.Commits;

/// <summary>
/// The writer of one shard in this process. Callers queue up, and all who wait when a transaction ends go into the next one together. So callers of this
/// process never compete, whoever came first is served first, and a hot document or index costs one transaction for all of them; ETags guard against
/// other processes only.
/// </summary>
internal sealed class Lane<T>(StoreContext<T> store, int shard, EventLog log) where T : class
{
    private const int MaxBatch = 64;
    private const int MaxAttempts = 100;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Queue<Command<T>> _waiting = [];
    private TaskCompletionSource? _idle;
    private bool _tidy;

    public EventLog Log => log;

    public Task<Decision<T>> RunAsync(Command<T> command, CancellationToken ct)
    {
        lock (_lock)
        {
            _waiting.Enqueue(command);
            Start();
        }

        return ct.CanBeCanceled ? command.Done.WaitAsync(ct) : command.Done;
    }

    /// <summary>Runs a batch even when nobody waits, so that the log of events is brought up to date.</summary>
    /// <returns>Done when the lane has nothing more to do.</returns>
    public Task TidyAsync()
    {
        lock (_lock)
        {
            _tidy = true;
            Start();
            return _idle?.Task ?? Task.CompletedTask;
        }
    }

    private void Start()
    {
        if (_idle is null)
        {
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.PumpAsync(), this, preferLocal: false); // no caller's context
        }
    }

    private async Task PumpAsync()
    {
        while (Take() is { } batch)
        {
            await log.RoomAsync();
#pragma warning disable CA1031 // Whatever ends a batch is its callers' to handle; the lane goes on with the next.
            try
            {
                await CommitAsync(batch);
            }
            catch (Exception e)
            {
                batch.ForEach(command => command.Fail(e));
            }
#pragma warning restore CA1031
            await Task.Yield(); // those just answered may come back with their next command
        }
    }

    private List<Command<T>>? Take()
    {
        lock (_lock)
        {
            var batch = new List<Command<T>>(Math.Min(_waiting.Count, MaxBatch));
            while (batch.Count < MaxBatch && _waiting.TryDequeue(out var command))
            {
                if (command.IsGivenUp)
                {
                    command.GiveUp();
                }
                else
                {
                    batch.Add(command);
                }
            }

            if (batch.Count == 0 && !_tidy)
            {
                _idle?.SetResult();
                _idle = null;
                return null;
            }

            _tidy = false;
            return batch;
        }
    }

    private async Task CommitAsync(List<Command<T>> commands)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            switch (await new Batch<T>(store, shard, log, commands, readAll: attempt > 1).RunAsync(CancellationToken.None))
            {
                case BatchEnd.Done:
                    return;
                case BatchEnd.TooLarge:
                    await CommitAsync(commands[..(commands.Count / 2)]);
                    await CommitAsync(commands[(commands.Count / 2)..]);
                    return;
            }

            // Another process writes here. Whoever lost waits a random while; what queues up meanwhile does not make the batch larger.
            var pause = Math.Min(LongestPause.TotalMilliseconds, 2 << Math.Min(attempt, 8));
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * pause), TimeProvider.System, CancellationToken.None);
        }

        throw new DaprException($"{commands.Count} changes of {store.Prefix} were overtaken by other processes {MaxAttempts} times.");
    }
}

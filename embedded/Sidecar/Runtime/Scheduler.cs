using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using DaprMesh.Sidecar.Sqlite;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>
/// The jobs and reminders of all sidecars that name the same scheduler address. They stand in a file and outlive the sidecars; each tick is claimed
/// by one process, delivered, and acknowledged by moving the job on. A process that dies between leaves its claims to the others, so every tick comes
/// at least once.
/// </summary>
internal sealed class Scheduler : IAsyncDisposable
{
    private const int MaxRunning = 256;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<TickReceiver>> _receivers = new(StringComparer.Ordinal);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _clock;
    private readonly SqliteFile _file;
    private readonly bool _ownsFile;
    private readonly SchedulerStore _store;
    private readonly ITimer? _poll;
    private readonly Task _ready;
    private readonly Task _loop;
    private int _running;

    private Scheduler(SidecarRuntime runtime, string address)
    {
        _clock = runtime.Clock;
        _ownsFile = runtime.RegistryFolder is null;
        _file = _ownsFile
            ? SqliteFile.OpenInMemory()
            : runtime.File(Path.Combine(runtime.RegistryFolder!, Placement.FileName("scheduler", address)));
        var process = ProcessIdentity.Current;
        _store = new SchedulerStore(_file, string.Create(CultureInfo.InvariantCulture, $"{process.Id}:{process.Started}:{Guid.NewGuid():N}"));
        _ready = _store.CreateTablesAsync();
        _loop = Task.Run(RunAsync);
        if (!_ownsFile)
        {
            // Other processes have clocks of their own, so this follows real time.
            _poll = TimeProvider.System.CreateTimer(_ => _ = PollAsync(), null, TimeSpan.Zero, PollInterval);
        }
    }

    public static Scheduler Of(SidecarRuntime runtime, string address) => runtime.Shared("scheduler " + address, () => new Scheduler(runtime, address));

    /// <summary>False: the job exists and is not to be overwritten.</summary>
    /// <exception cref="FormatException">The job is not valid; the message says why.</exception>
    public async Task<bool> PutAsync(SchedulerJob job, bool overwrite)
    {
        var (timing, first) = JobTiming.Start(job, _clock.GetUtcNow());
        await _ready;
        var stored = await _store.PutAsync(job, first, timing.Expires, overwrite);
        Wake();
        return stored;
    }

    public async Task<SchedulerJob?> FindAsync(string key)
    {
        await _ready;
        return await _store.FindAsync(key);
    }

    public async Task DeleteAsync(string key)
    {
        await _ready;
        await _store.DeleteAsync(key);
    }

    /// <summary>Brings the target's ticks here from now on.</summary>
    public TickReceiver Receive(string target, Func<SchedulerJob, CancellationToken, Task<TickOutcome>> deliver)
    {
        var receiver = new TickReceiver(target, deliver);
        _receivers.GetOrAdd(target, _ => new()).Enqueue(receiver);
        Wake();
        return receiver;
    }

    /// <summary>Waits for the receiver's running deliveries, as long as there is time.</summary>
    public async Task RemoveAsync(TickReceiver receiver, CancellationToken hurry)
    {
        if (_receivers.TryGetValue(receiver.Target, out var queue))
        {
            // Rotating is the way to take one out of a queue that others read.
            for (var i = queue.Count; i > 0 && queue.TryDequeue(out var other); i--)
            {
                if (other != receiver)
                {
                    queue.Enqueue(other);
                }
            }
        }

        await receiver.CloseAsync(hurry);
        receiver.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_poll is not null)
        {
            await _poll.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _loop;
        await _store.ReleaseOwnAsync();
        if (_ownsFile)
        {
            await _file.DisposeAsync();
        }

        _stop.Dispose();
    }

    private static bool IsAlive(string owner) =>
        owner.Split(':') is [var id, var started, _]
        && new ProcessIdentity(int.Parse(id, CultureInfo.InvariantCulture), long.Parse(started, CultureInfo.InvariantCulture)).IsAlive;

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task PollAsync()
    {
        try
        {
            await _ready;
            await _store.ReleaseAbandonedAsync(IsAlive);
            Wake();
        }
        catch (Exception e) when (e is SqliteException or ObjectDisposedException)
        {
            // Busy beyond its timeout, or on the way out; the next poll looks again.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await _ready;
            while (true)
            {
                var next = await DeliverDueAsync();
                using var wait = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                await Task.WhenAny(_wake.Reader.WaitToReadAsync(wait.Token).AsTask(), UntilAsync(next, wait.Token));
                await wait.CancelAsync();
                _stop.Token.ThrowIfCancellationRequested();
                _wake.Reader.TryRead(out _);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process has no more use for it.
        }
    }

    /// <summary>Starts the delivery of what is due and says when to look again; null: when woken.</summary>
    private async Task<DateTimeOffset?> DeliverDueAsync()
    {
        var targets = _receivers.Where(entry => !entry.Value.IsEmpty).Select(entry => entry.Key).ToArray();
        var room = MaxRunning - Volatile.Read(ref _running);
        if (targets.Length == 0 || room <= 0)
        {
            return null;
        }

        var (ticks, next) = await _store.ClaimAsync(targets, _clock.GetUtcNow(), room);
        foreach (var tick in ticks)
        {
            Interlocked.Increment(ref _running);
            _ = DeliverAsync(tick);
        }

        return ticks.Count == room ? null : next;
    }

    private async Task DeliverAsync(ClaimedTick tick)
    {
        try
        {
            var outcome = Next(tick.Job.Target) is { } receiver ? await receiver.DeliverAsync(tick.Job) : TickOutcome.NotDelivered;
            var now = _clock.GetUtcNow();
            var policy = tick.Job.Failure;
            await (outcome switch
            {
                TickOutcome.NotDelivered => _store.ReleaseAsync(tick),
                TickOutcome.Failed when policy.Retries(tick.Attempts + 1) => _store.RetryAsync(tick, now + (policy.Interval ?? TimeSpan.Zero)),
                _ => _store.MoveOnAsync(tick, JobTiming.Of(tick.Job, tick.Expires).After(tick.Tick, tick.Fired + 1, now)),
            });
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            Wake();
        }
    }

    /// <summary>The target's receivers by turns.</summary>
    private TickReceiver? Next(string target)
    {
        if (!_receivers.TryGetValue(target, out var queue) || !queue.TryDequeue(out var receiver))
        {
            return null;
        }

        queue.Enqueue(receiver);
        return receiver;
    }

    private async Task UntilAsync(DateTimeOffset? time, CancellationToken ct)
    {
        if (time is not { } due)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, ct);
            return;
        }

        var wait = Math.Clamp(Math.Ceiling((due - _clock.GetUtcNow()).TotalMilliseconds), 0, TimeSpan.FromDays(30).TotalMilliseconds);
        await Task.Delay(TimeSpan.FromMilliseconds(wait), _clock, ct);
    }
}

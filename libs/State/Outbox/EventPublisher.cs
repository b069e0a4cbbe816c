using System.Text.Json;
using DaprMesh.State.Commits;
using Microsoft.Extensions.Logging;

namespace DaprMesh.State.Outbox;

/// <summary>Publishes the entries of one log in their order, as fast as it can, and again after a while when the broker fails.</summary>
internal sealed class EventPublisher(StateTable table, LogKeys keys, EventSender sender, TimeProvider clock, ILogger log) : IDisposable
{
    private const int EnoughAtOnce = 128;
    private const int FarBehind = 32;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<Entry> _waiting = [];
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource? _idle;
    private TaskCompletionSource? _room;
    private string _log = "";
    private long _publishedTo;
    private volatile bool _failing;

    /// <summary>Entries before this number are published.</summary>
    public long PublishedTo
    {
        get
        {
            lock (_lock)
            {
                return _publishedTo;
            }
        }
    }

    public bool IsFailing => _failing;

    /// <param name="events">Null: they have to be read first.</param>
    public void Add(string logId, long number, IReadOnlyList<EventEnvelope>? events)
    {
        lock (_lock)
        {
            _log = logId;
            _waiting.Enqueue(new Entry(logId, number, events));
            if (_idle is null && !_stopping.IsCancellationRequested)
            {
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                ThreadPool.UnsafeQueueUserWorkItem(static publisher => _ = publisher.PumpAsync(), this, preferLocal: false); // no caller's context
            }
        }
    }

    /// <summary>Forgets all there is: from now on entries are of another log, whose numbers start again.</summary>
    public void Restart(string logId)
    {
        lock (_lock)
        {
            _log = logId;
            _waiting.Clear();
            _publishedTo = 0;
            _room?.TrySetResult();
        }
    }

    public Task RoomAsync()
    {
        lock (_lock)
        {
            if (_waiting.Count < FarBehind || _failing || _idle is null)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Done when nothing waits to be published.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
        {
            return _idle?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Waits until all is published or publishing fails, and stops.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        Task idle;
        lock (_lock)
        {
            idle = _idle?.Task ?? Task.CompletedTask;
        }

        while (!idle.IsCompleted && !_failing && !ct.IsCancellationRequested)
        {
            await Task.WhenAny(idle, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None));
        }

        await _stopping.CancelAsync();
        await idle;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task PumpAsync()
    {
        var pause = FirstPause;
        while (Next() is { } entries)
        {
#pragma warning disable CA1031 // Publishing never ends for good; what it meets is logged.
            try
            {
                await PublishAsync(entries, _stopping.Token);
                (_failing, pause) = (false, FirstPause);
                Done(entries);
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                log.LogWarning(e, "Events of {Count} transactions wait to be published, the oldest in {Log}", entries.Count, entries[0].Log);
                Failing();
                await Task.Delay(pause, clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (OperationCanceledException)
            {
                log.LogInformation("Publishing stops with events of {Count} transactions left to the next process", entries.Count);
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Publishing stops with events of {Count} transactions left to the next process", entries.Count);
            }
#pragma warning restore CA1031
        }
    }

    private async Task PublishAsync(List<Entry> entries, CancellationToken ct)
    {
        foreach (var entry in entries.Where(entry => entry.Events is null))
        {
            var cell = await table.FindAsync(keys.Entry(entry.Log, entry.Number), ct);
            entry.Events = cell is null ? [] : JsonSerializer.Deserialize(cell.Json.Span, OutboxJson.Default.ListEventEnvelope);
        }

        await sender.SendAsync([.. entries.SelectMany(entry => entry.Events ?? [])], ct);
    }

    private List<Entry>? Next()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || _stopping.IsCancellationRequested)
            {
                _idle?.SetResult();
                _idle = null;
                _room?.TrySetResult();
                _room = null;
                return null;
            }

            var events = 0;
            return [.. _waiting.TakeWhile(entry => events < EnoughAtOnce && (events += entry.Events?.Count ?? 1) > 0)];
        }
    }

    private void Done(List<Entry> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                // The log may have been taken over meanwhile.
                if (_waiting.TryPeek(out var first) && ReferenceEquals(first, entry))
                {
                    _waiting.Dequeue();
                    _publishedTo = entry.Number + 1;
                }
            }

            if (_room is not null && _waiting.Count < FarBehind)
            {
                _room.TrySetResult();
                _room = null;
            }
        }
    }

    private void Failing()
    {
        lock (_lock)
        {
            _failing = true;
            _room?.TrySetResult();
            _room = null;
        }
    }

    private sealed class Entry(string log, long number, IReadOnlyList<EventEnvelope>? events)
    {
        public string Log => log;

        public long Number => number;

        public IReadOnlyList<EventEnvelope>? Events { get; set; } = events;
    }
}

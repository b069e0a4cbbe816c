using System.Collections.Concurrent;
using System.Collections.Immutable;
using DaprMesh.Sidecar.Sqlite;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>
/// The durable log of one file in this process. Publishes that come while a transaction is written go into the next one together, and the
/// progress of the subscriptions goes along with them; committed messages are handed to the subscriptions straight from memory.
/// </summary>
internal sealed class LogBroker : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    private const int MaxMessagesPerFlush = 256;

    /// <summary>Progress alone is not worth a transaction at once: nothing is lost when it is not written, only delivered again.</summary>
    private static readonly TimeSpan ProgressDelay = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _membership = new(1);
    private readonly SqliteFile _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly LogStore _store;
    private readonly ITimer _progressTimer;
    private readonly Dictionary<string, long> _swept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TopicBacklog> _backlogs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _watch;
    private ImmutableArray<TopicQueue> _queues = [];
    private readonly Queue<PublishTicket> _tickets = new();
    private readonly HashSet<TopicQueue> _advanced = [];
    private Task _flush = Task.CompletedTask;
    private bool _flushing;
    private bool _timerArmed;
    private long _seen;

    private LogBroker(SqliteFile file, LogStore store, long seen, TimeProvider clock, ILogger log)
    {
        _file = file;
        _store = store;
        _seen = seen;
        _clock = clock;
        _log = log;
        Name = LogOwner.NewName();
        _progressTimer = clock.CreateTimer(static broker => ((LogBroker)broker!).ProgressDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // the state given here
        _watch = new LogWatch(this, clock, log).RunAsync(_closing.Token);
    }

    /// <summary>This process's name as an owner of subscriptions.</summary>
    public string Name { get; }

    public LogStore Store => _store;

    /// <summary>How long messages may wait: as long as the most patient component says.</summary>
    public TimeSpan Retention { get; private set; }

    public void KeepFor(TimeSpan retention)
    {
        lock (_gate)
        {
            Retention = retention > Retention ? retention : Retention;
        }
    }

    public ImmutableArray<TopicQueue> Queues => _queues;

    public static async Task<LogBroker> OpenAsync(SqliteFile file, TimeProvider clock, ILogger log)
    {
        await LogSchema.CreateAsync(file);
        return new LogBroker(file, new LogStore(file), file.Read(LogSchema.Next) - 1, clock, log);
    }

    /// <summary>Completes when the messages are committed.</summary>
    public Task PublishAsync(PublishTicket ticket)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            foreach (var message in ticket.Messages)
            {
                message.After = ticket.Publisher.Acknowledged;
            }

            _tickets.Enqueue(ticket);
            BeginFlush();
        }

        return ticket.Committed;
    }

    /// <summary>Takes part in a subscription; null while another process has it.</summary>
    public async Task<TopicQueue?> TryJoinAsync(string consumer, string topic, QueueSettings settings, Func<TopicQueue, IQueueConsumer> join)
    {
        await _membership.WaitAsync();
        try
        {
            var queue = _queues.FirstOrDefault(queue => queue.Topic == topic && queue.Consumer == consumer)
                ?? await TryOpenAsync(consumer, topic, settings);
            queue?.Attach(join(queue));
            return queue;
        }
        finally
        {
            _membership.Release();
        }
    }

    /// <summary>Ends a part in a subscription. With the last one gone, another process may take it over.</summary>
    public async Task LeaveAsync(TopicQueue queue, IQueueConsumer consumer)
    {
        await _membership.WaitAsync();
        try
        {
            if (queue.Detach(consumer) && _queues.Contains(queue))
            {
                await ReleaseAsync(queue);
            }
        }
        finally
        {
            _membership.Release();
        }
    }

    public TopicBacklog Backlog(string topic) =>
        _backlogs.GetOrAdd(topic, static (topic, broker) => new TopicBacklog(broker, topic), this);

    /// <summary>Deletes what has waited longer than it may.</summary>
    public async Task ExpireAsync()
    {
        if (Retention == TimeSpan.Zero || await _store.DeleteBeforeAsync(_clock.GetUtcNow() - Retention) is not (> 0 and var rows))
        {
            return;
        }

        _log.LogWarning("{Count} messages were deleted because they had waited for more than {Retention}", rows, Retention);
        foreach (var backlog in _backlogs.Values)
        {
            backlog.Recount();
        }
    }

    public void Advance(TopicQueue queue)
    {
        lock (_gate)
        {
            _advanced.Add(queue);
            if (!_flushing && !_timerArmed)
            {
                _timerArmed = true;
                _progressTimer.Change(ProgressDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Another process has written to the log up to before <paramref name="next"/>.</summary>
    public void Grown(long next)
    {
        long first;
        lock (_gate)
        {
            if (next - 1 <= _seen)
            {
                return;
            }

            first = _seen + 1;
            _seen = next - 1;
        }

        foreach (var queue in _queues)
        {
            queue.Offer(first, next, [], isComplete: false);
        }
    }

    /// <summary>Reads a page of a queue that has fallen behind.</summary>
    public void Load(TopicQueue queue) => _ = Task.Run(() =>
    {
        try
        {
            var (page, known) = _store.Read(queue.Id, queue.Topic, queue.Known);
            queue.Loaded(page, known);
        }
#pragma warning disable CA1031 // The edge of a background task: the next offer or progress tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            queue.LoadFailed();
            _log.LogError(e, "messages of topic {Topic} could not be read", queue.Topic);
        }
    });

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closing.IsCancellationRequested)
            {
                return;
            }

            _closing.Cancel();
        }

        await _watch;
        Task flush;
        lock (_gate)
        {
            flush = _flush;
        }

        await flush;
        foreach (var queue in _queues)
        {
            await ReleaseAsync(queue);
        }

        await _progressTimer.DisposeAsync();
        _membership.Dispose();
        _closing.Dispose();
    }

    private async Task<TopicQueue?> TryOpenAsync(string consumer, string topic, QueueSettings settings)
    {
        var now = _clock.GetUtcNow();
        if (await _store.TryOwnAsync(consumer, topic, Name, now, now + Lease) is not var (id, cursor))
        {
            return null;
        }

        var queue = new TopicQueue(this, id, consumer, topic, cursor, settings, _clock);
        long seen;
        lock (_gate)
        {
            _queues = _queues.Add(queue);
            seen = _seen;
        }

        queue.Offer(seen + 1, seen + 1, [], isComplete: false);
        return queue;
    }

    private async Task ReleaseAsync(TopicQueue queue)
    {
        lock (_gate)
        {
            _queues = _queues.Remove(queue);
            _advanced.Remove(queue);
        }

        queue.Close();
        await _store.ReleaseAsync(queue.TakeProgress());
    }

    private void ProgressDue()
    {
        lock (_gate)
        {
            _timerArmed = false;
            BeginFlush();
        }
    }

    private void BeginFlush()
    {
        if (!_flushing)
        {
            _flushing = true;
            _flush = FlushAllAsync();
        }
    }

    private async Task FlushAllAsync()
    {
        await Task.Yield(); // the caller holds the gate
        while (TakeFlush() is { } flush)
        {
            try
            {
                await _file.WriteAsync(flush, LogFlush.Run);
            }
#pragma warning disable CA1031 // Whatever the file says is the answer to everybody in the transaction.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failed(flush, e);
                continue;
            }

            Committed(flush);
        }
    }

    private LogFlush? TakeFlush()
    {
        List<PublishTicket> tickets = [];
        List<TopicQueue> advanced;
        lock (_gate)
        {
            for (var messages = 0; messages < MaxMessagesPerFlush && _tickets.TryDequeue(out var ticket); messages += ticket.Messages.Count)
            {
                tickets.Add(ticket);
            }

            if (tickets.Count == 0 && _advanced.Count == 0)
            {
                _flushing = false;
                return null;
            }

            advanced = [.. _advanced];
            _advanced.Clear();
        }

        var now = _clock.GetUtcNow();
        return new LogFlush(
            tickets, advanced.ConvertAll(queue => queue.TakeProgress()), _swept, now.ToUnixTimeMilliseconds(), (now + Lease).ToUnixTimeMilliseconds());
    }

    private void Committed(LogFlush flush)
    {
        bool isComplete, hasGrown;
        lock (_gate)
        {
            isComplete = flush.First == _seen + 1;
            hasGrown = flush.Next - 1 > _seen; // by this transaction, or by other processes before it
            _seen = Math.Max(_seen, flush.Next - 1);
            foreach (var ticket in flush.Tickets)
            {
                var last = ticket.Messages[^1].Seq;
                ticket.Publisher.Acknowledged = Math.Max(ticket.Publisher.Acknowledged, last);
            }
        }

        if (hasGrown || flush.Next != flush.First)
        {
            Deliver(flush, isComplete);
        }

        foreach (var ticket in flush.Tickets)
        {
            ticket.Complete();
        }

        foreach (var (topic, (to, rows)) in flush.Swept)
        {
            _swept[topic] = to;
            Backlog(topic).Removed(rows);
        }

        foreach (var lost in flush.Progress.Where(progress => progress.IsLost))
        {
            Lost(lost.Queue);
        }
    }

    private void Deliver(LogFlush flush, bool isComplete)
    {
        var byTopic = new Dictionary<string, List<StoredMessage>>(StringComparer.Ordinal);
        foreach (var ticket in flush.Tickets)
        {
            foreach (var message in ticket.Messages)
            {
                if (message.Seq == 0)
                {
                    continue;
                }

                if (!byTopic.TryGetValue(message.Message.Topic, out var messages))
                {
                    byTopic[message.Message.Topic] = messages = [];
                }

                messages.Add(message);
            }
        }

        foreach (var (topic, messages) in byTopic)
        {
            Backlog(topic).Added(messages);
        }

        foreach (var queue in _queues)
        {
            queue.Offer(flush.First, flush.Next, byTopic.TryGetValue(queue.Topic, out var messages) ? messages : [], isComplete);
        }
    }

    private void Failed(LogFlush flush, Exception error)
    {
        _log.LogError(error, "{Count} publishes could not be written", flush.Tickets.Count);
        foreach (var ticket in flush.Tickets)
        {
            ticket.Fail(error);
        }

        foreach (var progress in flush.Progress)
        {
            if (_queues.Contains(progress.Queue))
            {
                Advance(progress.Queue);
            }
        }

        lock (_gate)
        {
            if (_tickets.Count == 0 && _advanced.Count > 0 && !_timerArmed)
            {
                // Do not hammer a file that cannot be written: the timer tries again.
                _timerArmed = true;
                _progressTimer.Change(ProgressDelay * 20, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>This process was so slow that another one took the subscription: it is the other's now.</summary>
    private void Lost(TopicQueue queue)
    {
        _log.LogWarning("the subscription to topic {Topic} was taken over by another process", queue.Topic);
        lock (_gate)
        {
            _queues = _queues.Remove(queue);
        }

        queue.Close();
        queue.RaiseLost();
    }
}

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>
/// One subscription's messages in memory: which may be delivered now, which wait for earlier ones, which are under way. New messages come straight from
/// the publisher while the subscription keeps up; when it falls behind they are read from the file, a page at a time.
/// </summary>
internal sealed class TopicQueue(LogBroker broker, long id, string consumer, string topic, long cursor, QueueSettings settings, TimeProvider clock)
{
    private const int MaxBuffered = 2048;
    private const int RefillBelow = 512;

    /// <summary>So many finished messages behind an unfinished one are remembered one by one.</summary>
    private const int MaxDoneInMemory = 500;

    /// <summary>A failed message comes again at once for so many times, then with growing pauses.</summary>
    private const int QuickRetries = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Lane> _lanes = [];
    private readonly Queue<QueueEntry> _ready = new();
    private readonly PriorityQueue<QueueEntry, DateTimeOffset> _later = new();
    private readonly List<IQueueConsumer> _consumers = [];
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Queue<QueueEntry> _all = new();
    private ITimer? _laterTimer;
    private long _known = cursor;
    private long _latest = cursor;
    private int _inFlight;
    private int _done;
    private int _turn;
    private bool _hadDone = true;
    private bool _loading;
    private bool _dirty;
    private bool _closed;

    public long Id { get; } = id;

    public string Consumer { get; } = consumer;

    public string Owner => broker.Name;

    public string Topic { get; } = topic;

    /// <summary>Completes when another process has taken the subscription over.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Up to here the file has been read.</summary>
    public long Known => Volatile.Read(ref _known);

    /// <summary>How many messages wait or are under way, as far as is known without counting the file.</summary>
    public long Backlog => _all.Count - _done + Math.Max(0, Volatile.Read(ref _latest) - Volatile.Read(ref _known));

    public int ReadyCount
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count;
            }
        }
    }

    public void Attach(IQueueConsumer consumer)
    {
        lock (_gate)
        {
            _consumers.Add(consumer);
        }

        consumer.Wake();
    }

    /// <summary>True when nobody is left who takes messages.</summary>
    public bool Detach(IQueueConsumer consumer)
    {
        lock (_gate)
        {
            _consumers.Remove(consumer);
            if (_consumers.Count == 0)
            {
                return true;
            }
        }

        Wake(); // it may have been woken for messages that it left
        return false;
    }

    /// <summary>No message is taken any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _laterTimer?.Dispose();
        }
    }

    /// <summary>The log has grown from <paramref name="first"/> to before <paramref name="next"/>; <paramref name="messages"/> are those of this topic.</summary>
    /// <param name="isComplete">False: some of what lies between is only in the file.</param>
    public void Offer(long first, long next, IReadOnlyList<StoredMessage> messages, bool isComplete)
    {
        var wake = false;
        bool load;
        lock (_gate)
        {
            _latest = Math.Max(_latest, next - 1);
            if (isComplete && _known == first - 1 && !_loading && _all.Count < MaxBuffered)
            {
                _known = next - 1;
                foreach (var message in messages)
                {
                    Add(message);
                }

                wake = CanTake();
            }

            load = BeginLoad();
        }

        if (wake)
        {
            Wake();
        }

        if (load)
        {
            broker.Load(this);
        }
    }

    /// <summary>A page from the file; everything up to <paramref name="known"/> is in it.</summary>
    public void Loaded(IReadOnlyList<StoredMessage> page, long known)
    {
        bool wake, load;
        lock (_gate)
        {
            _loading = false;
            _known = Math.Max(_known, known);
            foreach (var message in page)
            {
                Add(message);
            }

            wake = CanTake();
            load = BeginLoad();
        }

        if (wake)
        {
            Wake();
        }

        if (load)
        {
            broker.Load(this);
        }
    }

    public void LoadFailed()
    {
        lock (_gate)
        {
            _loading = false;
        }
    }

    /// <summary>Writes the progress, which renews the lease, and reads on where reading has failed.</summary>
    public void Tend()
    {
        MarkDirty();
        bool load;
        lock (_gate)
        {
            load = BeginLoad();
        }

        if (load)
        {
            broker.Load(this);
        }
    }

    public void RaiseLost() => _lost.TrySetResult();

    /// <summary>Makes the next consumer look for messages.</summary>
    public void Wake()
    {
        IQueueConsumer? consumer;
        lock (_gate)
        {
            consumer = _consumers.Count == 0 ? null : _consumers[_turn++ % _consumers.Count];
        }

        consumer?.Wake();
    }

    /// <param name="isMore">Another one could be taken at the same time.</param>
    public bool TryTake(out QueueEntry? entry, out bool isMore)
    {
        var now = 0L;
        var expired = false;
        lock (_gate)
        {
            while (!_closed && _consumers.Count > 0 && _inFlight < settings.MaxInFlight && _ready.TryDequeue(out entry))
            {
                if (entry.Message.Expires == 0 || entry.Message.Expires > (now = now == 0 ? clock.GetUtcNow().ToUnixTimeMilliseconds() : now))
                {
                    _inFlight++;
                    isMore = CanTake();
                    return true;
                }

                Finish(entry);
                expired = true;
            }
        }

        (entry, isMore) = (null, false);
        if (expired)
        {
            MarkDirty();
        }

        return false;
    }

    /// <summary>Ends a delivery. Whoever does so goes on taking: the place that is free now is theirs, and so are those that waited for this one.</summary>
    public void Settle(QueueEntry entry, DeliveryOutcome outcome)
    {
        bool load;
        var advanced = false;
        var finished = outcome == DeliveryOutcome.Done || (outcome == DeliveryOutcome.Failed && !settings.Requeue);
        lock (_gate)
        {
            _inFlight--;
            if (finished)
            {
                Finish(entry);
                (advanced, _dirty) = (!_dirty, true);
            }
            else
            {
                Postpone(entry, outcome);
            }

            load = BeginLoad();
        }

        if (advanced)
        {
            broker.Advance(this);
        }

        if (load)
        {
            broker.Load(this);
        }
    }

    /// <summary>How far the subscription has come since the last call.</summary>
    public QueueProgress TakeProgress()
    {
        lock (_gate)
        {
            _dirty = false;
            List<long> done = [];
            if (_done > MaxDoneInMemory)
            {
                done.AddRange(_all.Where(entry => entry.IsDone).Select(entry => entry.Message.Seq));
                _all = new Queue<QueueEntry>(_all.Where(entry => !entry.IsDone));
                _done = 0;
            }

            var progress = new QueueProgress(this, _all.TryPeek(out var first) ? first.Message.Seq - 1 : _known, done, _hadDone);
            _hadDone = done.Count > 0 || (_hadDone && _all.Count > 0);
            return progress;
        }
    }

    /// <summary>Asks for the progress to be written with the next transaction.</summary>
    public void MarkDirty()
    {
        lock (_gate)
        {
            if (_dirty)
            {
                return;
            }

            _dirty = true;
        }

        broker.Advance(this);
    }

    private void Add(StoredMessage message)
    {
        var entry = new QueueEntry(message);
        _all.Enqueue(entry);
        if (!settings.IsOrdered)
        {
            entry.HasLeftLane = true;
            _ready.Enqueue(entry);
            return;
        }

        if (!_lanes.TryGetValue(message.Lane, out var lane))
        {
            _lanes[message.Lane] = lane = new Lane();
        }

        if (lane.TryPass(entry))
        {
            _ready.Enqueue(entry);
        }
    }

    private void Finish(QueueEntry entry)
    {
        entry.IsDone = true;
        _done++;
        LeaveLane(entry);
        while (_all.TryPeek(out var first) && first.IsDone)
        {
            _all.Dequeue();
            _done--;
        }
    }

    /// <summary>It comes again, out of order: the ones behind it do not wait for a message that keeps failing.</summary>
    private void Postpone(QueueEntry entry, DeliveryOutcome outcome)
    {
        LeaveLane(entry);
        entry.Failures++;
        var pause = outcome == DeliveryOutcome.Kept
            ? settings.RedeliverInterval
            : entry.Failures <= QuickRetries
                ? TimeSpan.Zero
                : TimeSpan.FromMilliseconds(Math.Min(
                    settings.RedeliverInterval.TotalMilliseconds, 100 * Math.Pow(2, Math.Min(entry.Failures - QuickRetries, 20))));
        if (pause == TimeSpan.Zero)
        {
            _ready.Enqueue(entry);
            return;
        }

        _later.Enqueue(entry, clock.GetUtcNow() + pause);
        ArmLater();
    }

    private void LeaveLane(QueueEntry entry)
    {
        if (entry.HasLeftLane || !_lanes.TryGetValue(entry.Message.Lane, out var lane))
        {
            return;
        }

        lane.Leave(entry, _ready);
        if (lane.IsEmpty)
        {
            _lanes.Remove(entry.Message.Lane);
        }
    }

    private void ArmLater()
    {
        if (_closed || !_later.TryPeek(out _, out var due))
        {
            return;
        }

        var wait = due - clock.GetUtcNow();
        _laterTimer ??= clock.CreateTimer(static queue => ((TopicQueue)queue!).TakeLater(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // the state given here
        _laterTimer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void TakeLater()
    {
        bool wake;
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            while (_later.TryPeek(out var entry, out var due) && due <= now)
            {
                _later.Dequeue();
                _ready.Enqueue(entry);
            }

            ArmLater();
            wake = CanTake();
        }

        if (wake)
        {
            Wake();
        }
    }

    private bool CanTake() => !_closed && _ready.Count > 0 && _inFlight < settings.MaxInFlight;

    private bool BeginLoad() =>
        !_closed && !_loading && _known < _latest && _all.Count < RefillBelow && (_loading = true);
}

/// <summary>Somebody who takes messages out of a queue. Disposed, it takes nothing more and waits for what is under way.</summary>
internal interface IQueueConsumer : IAsyncDisposable
{
    /// <summary>Messages can be taken.</summary>
    void Wake();
}

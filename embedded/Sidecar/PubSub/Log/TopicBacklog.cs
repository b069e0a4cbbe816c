namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>How much of a topic is stored and waits, so that publishers can be held back before the log grows without bound.</summary>
internal sealed class TopicBacklog(LogBroker broker, string topic)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _shrunk = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _rows = -1;
    private long _bytes;

    public void Added(IReadOnlyList<StoredMessage> messages)
    {
        lock (_gate)
        {
            if (_rows < 0)
            {
                return;
            }

            _rows += messages.Count;
            foreach (var message in messages)
            {
                _bytes += message.Message.Data.Length;
            }
        }
    }

    public void Removed(int rows)
    {
        TaskCompletionSource shrunk;
        lock (_gate)
        {
            if (_rows > 0)
            {
                var left = Math.Max(0, _rows - rows);
                _bytes = _bytes * left / _rows;
                _rows = left;
            }

            (shrunk, _shrunk) = (_shrunk, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        shrunk.TrySetResult();
    }

    /// <summary>Waits while subscribers are far behind; never long, a slow subscriber is no fault.</summary>
    /// <exception cref="BacklogFullException">The topic holds as much as it may, and stayed so for the whole patience.</exception>
    public ValueTask WaitAsync(BacklogLimits limits, TimeProvider clock, CancellationToken ct) =>
        IsFull(limits) || IsBusy(limits) ? new(WaitForRoomAsync(limits, clock, ct)) : ValueTask.CompletedTask;

    private async Task WaitForRoomAsync(BacklogLimits limits, TimeProvider clock, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            Task shrunk;
            lock (_gate)
            {
                shrunk = _shrunk.Task;
            }

            var isFull = IsFull(limits);
            var patience = (isFull ? limits.Patience : limits.LongestPause) - clock.GetElapsedTime(started);
            if (!isFull && (patience <= TimeSpan.Zero || !IsBusy(limits)))
            {
                return;
            }

            if (patience <= TimeSpan.Zero)
            {
                Recount();
                if (IsFull(limits))
                {
                    throw new BacklogFullException(topic, _rows);
                }

                return;
            }

            try
            {
                await shrunk.WaitAsync(patience, clock, ct);
            }
            catch (TimeoutException)
            {
                // Look once more.
            }
        }
    }

    private bool IsFull(BacklogLimits limits)
    {
        lock (_gate)
        {
            if (_rows < 0)
            {
                (_rows, _bytes) = broker.Store.Count(topic);
            }

            return _rows >= limits.MaxMessages || _bytes >= limits.MaxBytes;
        }
    }

    /// <summary>Other processes add and remove, too.</summary>
    public void Recount()
    {
        lock (_gate)
        {
            (_rows, _bytes) = broker.Store.Count(topic);
        }
    }

    private bool IsBusy(BacklogLimits limits)
    {
        foreach (var queue in broker.Queues)
        {
            if (queue.Topic == topic && queue.Backlog > limits.Busy)
            {
                return true;
            }
        }

        return false;
    }
}

/// <param name="MaxMessages">Stored messages of a topic at which publishers wait, then fail.</param>
/// <param name="MaxBytes">The same, in bytes.</param>
/// <param name="Patience">How long they wait.</param>
/// <param name="Busy">Messages before a connected subscriber at which publishers are slowed down.</param>
/// <param name="LongestPause">How long a slowed publish waits at most.</param>
internal sealed record BacklogLimits(long MaxMessages, long MaxBytes, TimeSpan Patience, int Busy, TimeSpan LongestPause);

internal sealed class BacklogFullException(string topic, long messages)
    : Exception($"the backlog of topic {topic} is full: {messages} messages wait for their subscribers");

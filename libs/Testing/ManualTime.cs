namespace DaprMesh.Testing;

/// <summary>A clock that stands until it is told to move. Reminders, timers, TTLs, retries and jobs of a <see cref="Mesh"/> follow it.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(ManualTimer Timer, int Setting), DateTimeOffset> _due = new();
    private DateTimeOffset _now;

    /// <param name="start">The time it shows at first; the first of January 2026 by default.</param>
    public ManualTime(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock on. What falls due on the way is called in its order, each at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var until = GetUtcNow() + by;
        while (Next(until) is { } timer)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The next timer due by then, with the clock moved to its time; null: none, and the clock stands at <paramref name="until"/>.</summary>
    private ManualTimer? Next(DateTimeOffset until)
    {
        lock (_lock)
        {
            while (_due.TryPeek(out var next, out var time) && time <= until)
            {
                _due.Dequeue();
                if (next.Timer.IsSetTo(next.Setting))
                {
                    _now = time > _now ? time : _now;
                    next.Timer.Repeat(time);
                    return next.Timer;
                }
            }

            _now = until > _now ? until : _now;
            return null;
        }
    }

    private sealed class ManualTimer(ManualTime clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private TimeSpan _period;
        private int _setting; // counts changes, so that what the queue holds of earlier ones is passed over
        private bool _disposed;

        public bool IsSetTo(int setting) => !_disposed && setting == _setting;

        public void Repeat(DateTimeOffset fired)
        {
            if (_period > TimeSpan.Zero)
            {
                clock._due.Enqueue((this, _setting), fired + _period);
            }
        }

        public void Fire()
        {
            if (_context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(_context, _ => callback(state), null);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                if (_disposed)
                {
                    return false;
                }

                _setting++;
                _period = period;
                if (dueTime > TimeSpan.Zero)
                {
                    clock._due.Enqueue((this, _setting), clock._now + dueTime);
                }
                else if (dueTime == TimeSpan.Zero)
                {
                    Repeat(clock._now);
                    ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _disposed = true;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

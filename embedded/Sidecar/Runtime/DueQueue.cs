namespace DaprMesh.Sidecar.Runtime;

/// <summary>Hands each item over when its time has come, in the order of the times, never before. One timer drives all items.</summary>
internal sealed class DueQueue<T> : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<T, DateTimeOffset> _items = new();
    private readonly TimeProvider _clock;
    private readonly Action<T> _due;
    private readonly ITimer _timer;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;
    private bool _disposed;

    public DueQueue(TimeProvider clock, Action<T> due)
    {
        _clock = clock;
        _due = due;
        _timer = clock.CreateTimer(static queue => ((DueQueue<T>)queue!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(T item, DateTimeOffset time)
    {
        lock (_lock)
        {
            _items.Enqueue(item, time);
            if (time < _armedFor)
            {
                Arm(time);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _items.Clear();
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        var ready = new List<T>();
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            while (_items.TryPeek(out _, out var time) && time <= now)
            {
                ready.Add(_items.Dequeue());
            }

            Arm(_items.TryPeek(out _, out var next) ? next : DateTimeOffset.MaxValue);
        }

        foreach (var item in ready)
        {
            _due(item);
        }
    }

    private void Arm(DateTimeOffset time)
    {
        _armedFor = time;
        if (_disposed)
        {
            return;
        }

        if (time == DateTimeOffset.MaxValue)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Timers count whole milliseconds and at most 49 days: round up, and look again when that far has passed.
        var wait = Math.Clamp(Math.Ceiling((time - _clock.GetUtcNow()).TotalMilliseconds), 0, TimeSpan.FromDays(30).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }
}

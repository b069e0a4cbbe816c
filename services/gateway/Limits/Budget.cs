namespace DaprMesh.Gateway.Limits;

/// <summary>One caller's permits of one limit on this replica.</summary>
internal sealed class Budget(LimitKey key, RateLimit limit, LeaseStore store)
{
    private readonly Lock _lock = new();
    private long _window = -1;
    private int _left; // leased and not granted yet
    private int _taken; // of the window, by all replicas, as of the last lease
    private int _granted; // by this replica in the window
    private bool _usedUp;
    private bool _onItsOwn;
    private Task? _lease;

    /// <summary>The window that was asked for last.</summary>
    public long Window => Volatile.Read(ref _window);

    public ValueTask<Permit> TakeAsync(TimeProvider clock)
    {
        lock (_lock)
        {
            return TryGrant(clock, out var permit, out _) ? new(permit) : new(LeaseAndTakeAsync(clock));
        }
    }

    private async Task<Permit> LeaseAndTakeAsync(TimeProvider clock)
    {
        while (true)
        {
            Task lease;
            lock (_lock)
            {
                if (TryGrant(clock, out var permit, out var window))
                {
                    return permit;
                }

                lease = _lease ??= LeaseAsync(window); // one for all who wait
            }

            await lease;
        }
    }

    /// <summary>True when the answer is known without a lease. Called under the lock.</summary>
    private bool TryGrant(TimeProvider clock, out Permit permit, out long window)
    {
        var now = clock.GetUtcNow().Ticks;
        window = now / limit.Window.Ticks;
        if (window != _window)
        {
            Volatile.Write(ref _window, window);
            (_left, _taken, _granted, _usedUp, _onItsOwn) = (0, 0, 0, false, false);
        }

        var granted = _left > 0;
        if (granted)
        {
            _left--;
            _granted++;
        }

        var remaining = _onItsOwn ? limit.Permits - _granted : limit.Permits - _taken + _left;
        var reset = TimeSpan.FromTicks(((window + 1) * limit.Window.Ticks) - now);
        permit = new Permit(granted, limit.Permits, Math.Max(0, remaining), Math.Max(1, (int)Math.Ceiling(reset.TotalSeconds)));
        return granted || _usedUp;
    }

    private async Task LeaseAsync(long window)
    {
        await Task.Yield(); // the lock is not held while the store is asked
        var lease = await store.TakeAsync(key, window, limit);
        lock (_lock)
        {
            _lease = null;
            if (window != _window)
            {
                return; // it came too late: its permits are of a window that is over
            }

            if (lease is { } given)
            {
                _left += given.Permits;
                _taken = given.Taken;
                _usedUp = given.Permits == 0;
                return;
            }

            // For the rest of the window this replica gives what it alone would.
            _onItsOwn = true;
            _left = Math.Max(0, limit.Permits - _granted);
            _usedUp = true;
        }
    }
}

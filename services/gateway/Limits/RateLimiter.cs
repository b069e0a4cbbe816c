using System.Collections.Concurrent;

namespace DaprMesh.Gateway.Limits;

/// <summary>Who may ask how often. The counts are shared with the other replicas.</summary>
internal sealed class RateLimiter : IDisposable
{
    /// <summary>So many callers are told apart; beyond, they share one budget, so that made-up addresses cannot fill the memory.</summary>
    private const int MaxBudgets = 100_000;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<LimitKey, (Budget Budget, RateLimit Limit)> _budgets = new();
    private readonly LeaseStore _store;
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;
    private int _count;

    public RateLimiter(LeaseStore store, TimeProvider clock)
    {
        _store = store;
        _clock = clock;
        _sweep = clock.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    public ValueTask<Permit> TakeAsync(LimitKey key, RateLimit limit)
    {
        if (!_budgets.TryGetValue(key, out var entry))
        {
            if (Volatile.Read(ref _count) >= MaxBudgets)
            {
                key = key with { Caller = "others" };
            }

            entry = _budgets.GetOrAdd(key, static (added, all) => (new Budget(added, all.limit, all._store), all.limit), (limit, _store));
            Interlocked.Increment(ref _count); // now and then once too often: the sweep counts anew
        }

        return entry.Budget.TakeAsync(_clock);
    }

    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        var now = _clock.GetUtcNow().Ticks;
        foreach (var (key, (budget, limit)) in _budgets)
        {
            if (budget.Window < now / limit.Window.Ticks)
            {
                _budgets.TryRemove(key, out _);
            }
        }

        Volatile.Write(ref _count, _budgets.Count);
    }
}

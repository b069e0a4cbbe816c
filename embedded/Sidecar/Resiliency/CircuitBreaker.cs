using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resiliency;

internal enum BreakerState
{
    Closed,
    HalfOpen,
    Open,
}

/// <summary>
/// Closed until its condition is met, then open for a while, then half-open: as many calls as configured may try, and close it by succeeding.
/// </summary>
internal sealed class CircuitBreaker(string name, CircuitBreakerSpec spec, TripCondition trip, TimeProvider clock, ILogger log)
{
    private readonly Lock _lock = new();
    private readonly int _maxRequests = Math.Max(spec.MaxRequests, 1);
    private readonly TimeSpan _openFor = spec.Timeout > TimeSpan.Zero ? spec.Timeout : TimeSpan.FromSeconds(60);
    private BreakerState _state = BreakerState.Closed;
    private BreakerCounts _counts;
    private long _generation;
    private DateTimeOffset? _expires = spec.Interval > TimeSpan.Zero ? clock.GetUtcNow() + spec.Interval : null;

    public BreakerState State
    {
        get
        {
            lock (_lock)
            {
                Advance();
                return _state;
            }
        }
    }

    /// <summary>Counts a call in; what it returns has to come back with the outcome.</summary>
    /// <exception cref="CircuitOpenException">The call may not be made.</exception>
    public long Enter()
    {
        lock (_lock)
        {
            Advance();
            if (_state == BreakerState.Open)
                throw new CircuitOpenException();

            if (_state == BreakerState.HalfOpen && _counts.Requests >= _maxRequests)
                throw new CircuitOpenException("too many requests");

            _counts = _counts.Request();
            return _generation;
        }
    }

    /// <summary>Counts the outcome, unless the state has changed since the call began.</summary>
    public void Leave(long generation, bool success)
    {
        lock (_lock)
        {
            Advance();
            if (generation != _generation)
                return;

            _counts = success ? _counts.Success() : _counts.Failure();
            if (_state == BreakerState.HalfOpen)
            {
                if (!success)
                    Become(BreakerState.Open);
                else if (_counts.ConsecutiveSuccesses >= _maxRequests)
                    Become(BreakerState.Closed);
            }
            else if (!success && trip.IsMet(_counts))
            {
                Become(BreakerState.Open);
            }
        }
    }

    public static string NameOf(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.HalfOpen => "half-open",
        _ => "open",
    };

    /// <summary>What time alone does: an open breaker becomes half-open, a closed one forgets its counts.</summary>
    private void Advance()
    {
        if (_expires is not { } expires || clock.GetUtcNow() < expires)
            return;

        if (_state == BreakerState.Open)
            Become(BreakerState.HalfOpen);
        else
            StartGeneration();
    }

    private void Become(BreakerState state)
    {
        log.LogInformation("Circuit breaker \"{Name}\" changed state from {From} to {To}", name, NameOf(_state), NameOf(state));
        _state = state;
        StartGeneration();
    }

    private void StartGeneration()
    {
        _generation++;
        _counts = default;
        _expires = _state switch
        {
            BreakerState.Open => clock.GetUtcNow() + _openFor,
            BreakerState.Closed when spec.Interval > TimeSpan.Zero => clock.GetUtcNow() + spec.Interval,
            _ => null,
        };
    }
}

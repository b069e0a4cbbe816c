using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resiliency;

/// <summary>What a policy in use tells: a kind (<c>timeout</c>, <c>retry</c>, <c>circuitbreaker</c>), the breaker's state, and whether it had to act.</summary>
internal delegate void PolicyUse(string kind, string status, bool activated);

/// <summary>The policy of one target: a retry around a breaker around a timeout, each of which may be missing.</summary>
internal sealed class TargetPolicy : Policy
{
    private readonly string _name;
    private readonly TimeSpan _timeout;
    private readonly RetryPolicy? _retry;
    private readonly CircuitBreaker? _breaker;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly PolicyUse? _used;

    public TargetPolicy(string name, TimeSpan? timeout, RetryPolicy? retry, CircuitBreaker? breaker, TimeProvider clock, ILogger log, PolicyUse? used)
    {
        _name = name;
        _timeout = timeout ?? TimeSpan.Zero;
        _retry = retry;
        _breaker = breaker;
        _clock = clock;
        _log = log;
        _used = used;
        if (_timeout > TimeSpan.Zero)
            used?.Invoke("timeout", "", activated: false);
        if (retry is not null)
            used?.Invoke("retry", "", activated: false);
        if (breaker is not null)
            used?.Invoke("circuitbreaker", CircuitBreaker.NameOf(breaker.State), activated: false);
    }

    public override bool Retries => _retry is { MaxRetries: not 0 };

    public override async ValueTask<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken ct)
    {
        if (_retry is null)
            return await GuardedAsync(attempt, ct);

        var delays = _retry.Delays(_clock.GetTimestamp());
        for (var attempts = 1; ; attempts++)
        {
            TimeSpan wait;
            try
            {
                var result = await GuardedAsync(attempt, ct);
                if (attempts > 1)
                    _log.LogInformation("Recovered processing operation {Operation} after {Attempts} attempts", _name, attempts);

                return result;
            }
            catch (Exception failure) when (!ct.IsCancellationRequested && _retry.Matches(failure) && delays.Next(_clock) is { } next)
            {
                wait = next;
                _used?.Invoke("retry", "", activated: true);
                _log.LogWarning("Error processing operation {Operation}. Retrying in {Wait}…", _name, Jobs.GoDuration.Format(next));
                _log.LogDebug("Error for operation {Operation} was: {Error}", _name, failure.Message);
            }

            await Task.Delay(wait, _clock, ct);
        }
    }

    private async ValueTask<T> GuardedAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken ct)
    {
        if (_breaker is null)
            return await TimedAsync(attempt, ct);

        var before = _breaker.State;
        var generation = _breaker.Enter();
        var success = false;
        try
        {
            var result = await TimedAsync(attempt, ct);
            success = true;
            return result;
        }
        finally
        {
            _breaker.Leave(generation, success);
            if (_breaker.State is var after && after != before)
                _used?.Invoke("circuitbreaker", CircuitBreaker.NameOf(after), activated: true);
        }
    }

    private ValueTask<T> TimedAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken ct) =>
        _timeout > TimeSpan.Zero ? WithinTimeoutAsync(attempt, ct) : attempt(ct);

    /// <summary>The caller is not kept waiting by an attempt that does not heed its cancellation.</summary>
    private async ValueTask<T> WithinTimeoutAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        var task = attempt(either.Token).AsTask();
        try
        {
            return await task.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            _used?.Invoke("timeout", "", activated: true);
            Abandon(task);
            throw new TimeoutException("context deadline exceeded");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Abandon(task);
            throw;
        }
    }

    /// <summary>Nobody waits for the attempt any more: what it still brings is disposed, how it fails is of no interest.</summary>
    private static void Abandon<T>(Task<T> task) => _ = task.ContinueWith(
        static ended =>
        {
            _ = ended.Exception;
            if (ended.IsCompletedSuccessfully && ended.Result is IDisposable result)
                result.Dispose();
        },
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}

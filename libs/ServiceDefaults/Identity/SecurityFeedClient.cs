using DaprMesh.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>
/// Keeps what this service knows of identities up to date. While there is no news to be had, what is known goes on counting.
/// </summary>
internal sealed class SecurityFeedClient(
    ISecurityFeedSource source, IOptions<IdentityOptions> options, TimeProvider clock, ILogger<SecurityFeedClient> log) : BackgroundService
{
    // Real time, all of them: they are about another process, and not about what the tokens say.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SilenceToTell = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopped = new();
    private volatile SecurityState _state = SecurityState.Empty;
    private int _disposed;
    private Task<bool>? _nextRefresh;
    private Task<bool>? _lastRefresh;
    private long _refreshedAt;

    public SecurityState State => _state;

    /// <summary>Whether anything was heard yet; waits a moment for it after the start.</summary>
    public async ValueTask<bool> IsReadyAsync(CancellationToken ct)
    {
        if (!_first.Task.IsCompleted)
        {
            using var patience = new CancellationTokenSource(options.Value.FirstFeedPatience, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            await _first.Task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }

        return _first.Task.IsCompleted;
    }

    /// <summary>Asks at once, and for all who call meanwhile together. False: there was no answer.</summary>
    public Task<bool> RefreshAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            // The one that runs may have been asked before what the caller looks for happened.
            return (_nextRefresh ??= RefreshAfterAsync(_lastRefresh)).WaitAsync(ct);
        }
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) // the container knows it under two names
        {
            base.Dispose();
            _stopped.Cancel();
            _stopped.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = stoppingToken.Register(_stopped.Cancel);
        var pause = FirstPause;
        var heard = TimeProvider.System.GetTimestamp();
        var isTold = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var isNews = await AskAsync(_first.Task.IsCompleted ? options.Value.FeedWait : TimeSpan.Zero, stoppingToken);
                if (isTold)
                {
                    log.LogInformation("News of identities come again");
                }

                (heard, isTold) = (TimeProvider.System.GetTimestamp(), false);
                pause = isNews ? TimeSpan.Zero : FirstPause;
            }
#pragma warning disable CA1031 // Whatever keeps the news away, the next attempt may bring them.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                pause = pause < FirstPause ? FirstPause : pause * 2 > LongestPause ? LongestPause : pause * 2;
                if (!isTold && TimeProvider.System.GetElapsedTime(heard) > SilenceToTell)
                {
                    isTold = true;
                    log.LogWarning(e, "No news of identities; what is known goes on counting");
                }
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(pause, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> RefreshAfterAsync(Task<bool>? last)
    {
        await Task.Yield(); // the caller holds the lock
        if (last is not null)
        {
            // Whoever sends tokens with made-up keys must not make this service ask all the time.
            await last;
            var rest = RefreshInterval - TimeProvider.System.GetElapsedTime(_refreshedAt);
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, TimeProvider.System, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (_gate)
        {
            _refreshedAt = TimeProvider.System.GetTimestamp();
            _lastRefresh = _nextRefresh;
            _nextRefresh = null;
        }

        try
        {
            await AskAsync(TimeSpan.Zero, _stopped.Token);
            return true;
        }
#pragma warning disable CA1031 // Nobody but the requests that wait for it asks, and they hear that there was no answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogDebug(e, "A question for news of identities failed");
            return false;
        }
    }

    /// <returns>Whether there was something.</returns>
    private async Task<bool> AskAsync(TimeSpan wait, CancellationToken ct)
    {
        var after = _state.Cursor;
        if (await source.AfterAsync(after, wait, ct) is not { } feed)
        {
            return false;
        }

        if (feed.Cursor < after && await source.AfterAsync(0, TimeSpan.Zero, ct) is { } whole)
        {
            Take(SecurityState.Empty, whole); // another history, as after a restore
            return true;
        }

        Take(null, feed);
        return feed.Cursor > after;
    }

    private void Take(SecurityState? from, SecurityFeed feed)
    {
        lock (_gate)
        {
            _state = (from ?? _state).With(feed, clock.GetUtcNow());
        }

        _first.TrySetResult();
    }
}

using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway.Limits;

/// <summary>How many permits of a window all replicas together have taken.</summary>
internal sealed record WindowUse(int Taken);

/// <summary>What a lease brought.</summary>
/// <param name="Permits">0: the window is used up.</param>
/// <param name="Taken">Of the window, by all replicas, this lease included.</param>
internal readonly record struct Lease(int Permits, int Taken);

/// <summary>
/// The one count of each window, in the state store. A replica takes permits from it in slices before it grants them, so that the sum of what all grant
/// never exceeds the limit; what a replica has taken and not used when the window ends is lost.
/// </summary>
internal sealed class LeaseStore(DaprClient dapr, IOptions<GatewayOptions> options, TimeProvider clock, GatewayMetrics metrics, ILogger<LeaseStore> log)
{
    private const int MaxAttempts = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly StateOptions FirstWrite = new() { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong };
    private readonly string _store = options.Value.LimitStore;
    private long _restUntil; // ticks; after a failure the store is left alone for a while, so that requests do not wait for it
    private volatile bool _isDown;

    /// <returns>Null: the store does not answer.</returns>
    public async Task<Lease?> TakeAsync(LimitKey key, long window, RateLimit limit)
    {
        if (_isDown && clock.GetUtcNow().Ticks < Volatile.Read(ref _restUntil))
        {
            return null;
        }

        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            var lease = await TakeAsync($"limit:{key}:{window}", limit, patience.Token);
            if (_isDown)
            {
                _isDown = false;
                metrics.LimitsOnItsOwn(false);
                log.LimitsAreShared(_store);
            }

            return lease;
        }
        catch (Exception e) when (e is DaprException or HttpRequestException or IOException or OperationCanceledException)
        {
            Volatile.Write(ref _restUntil, (clock.GetUtcNow() + Rest).Ticks);
            metrics.LimitStoreFailed();
            if (!_isDown)
            {
                _isDown = true;
                metrics.LimitsOnItsOwn(true);
                log.LimitsAreLocal(_store, e);
            }

            return null;
        }
    }

    private async Task<Lease> TakeAsync(string key, RateLimit limit, CancellationToken ct)
    {
        // A small limit goes piece by piece; of a large one a twentieth at a time costs the store little.
        var slice = Math.Max(1, limit.Permits / 20);
        var metadata = new Dictionary<string, string> { ["ttlInSeconds"] = $"{(int)Math.Ceiling(limit.Window.TotalSeconds * 2)}" };
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var (use, etag) = await dapr.GetStateAndETagAsync<WindowUse?>(_store, key, cancellationToken: ct);
            var taken = use?.Taken ?? 0;
            var permits = Math.Min(slice, limit.Permits - taken);
            if (permits <= 0)
            {
                return new Lease(0, taken);
            }

            if (await dapr.TrySaveStateAsync(_store, key, new WindowUse(taken + permits), etag ?? "", FirstWrite, metadata, ct))
            {
                return new Lease(permits, taken + permits);
            }
        }

        throw new IOException($"{key} changed {MaxAttempts} times while a lease was taken.");
    }
}

using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>The subscriptions of one app over its life: read once, then opened and closed as the app's health asks.</summary>
#pragma warning disable CA1001 // The semaphore and the token source hold nothing to release: no wait handle, no timer.
internal sealed class SubscriptionSet
#pragma warning restore CA1001
{
    private readonly SidecarContext _context;
    private readonly AppChannel? _app;
    private readonly SubscriptionStarter? _starter;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _abandon = new();
    private readonly List<IAsyncDisposable> _open = [];
    private CancellationTokenSource? _opening;
    private Task _attempts = Task.CompletedTask;
    private volatile IReadOnlyList<Subscription> _all;
    private bool _started;
    private bool _stopped;

    public SubscriptionSet(SidecarContext context, PubSubTargets targets, Publisher publisher)
    {
        _context = context;
        _app = context.App;
        _log = context.Loggers.CreateLogger("dapr.runtime.processor.subscription");
        _starter = _app is null ? null : new SubscriptionStarter(context, _app, targets, publisher, _log, _abandon.Token);
        _all = Merge(context.Resources.Subscriptions, []);
    }

    public IReadOnlyList<Subscription> All => _all;

    public async Task StartAsync(CancellationToken ct)
    {
        _started = true;
        if (_app is null || !_context.Components.Any<IPubSub>())
        {
            // Without a pub/sub component daprd does not ask.
            return;
        }

        if (_context.Options.DisableInitEndpoints.Contains("subscribe"))
        {
            _log.LogInformation("Skipping programmatic subscription loading");
        }
        else
        {
            var programmatic = await new SubscriptionReader(_context, _app, _log).ReadAsync(ct);
            _all = Merge(_context.Resources.Subscriptions, programmatic);
        }

        await OpenAsync(ct);
    }

    /// <summary>Pub/sub components or declared subscriptions have changed: reads and opens all subscriptions again, unless the app gets no work now.</summary>
    public async Task ReopenAsync(CancellationToken ct)
    {
        _all = Merge(_context.Resources.Subscriptions, [.. _all.Where(subscription => !subscription.IsDeclarative)]);
        if (!_started)
        {
            return;
        }

        await CloseAsync(ct);
        if (_context.Health.AppHealthy)
        {
            await StartAsync(ct);
        }
    }

    public async Task OpenAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_stopped || _opening is not null || _starter is null)
            {
                return;
            }

            _opening = CancellationTokenSource.CreateLinkedTokenSource(_abandon.Token);
            var failed = new List<Subscription>();
            foreach (var subscription in _all)
            {
                await TryOpenAsync(subscription, failed, _opening.Token);
            }

            _attempts = failed.Count == 0 ? Task.CompletedTask : RetryAsync(failed, _opening.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the subscriptions and waits for deliveries that run.</summary>
    public async Task CloseAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_opening is null)
            {
                return;
            }

            await _opening.CancelAsync();
            await _attempts;
            _opening.Dispose();
            _opening = null;
            IAsyncDisposable[] closing;
            lock (_open)
            {
                closing = [.. _open];
                _open.Clear();
            }

            await Task.WhenAll(closing.Select(subscription => subscription.DisposeAsync().AsTask()));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>As <see cref="CloseAsync"/>; what still runs when <paramref name="ct"/> ends is cut off and stays with the broker.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        _stopped = true;
        await using var cut = ct.UnsafeRegister(static abandon => ((CancellationTokenSource)abandon!).Cancel(), _abandon); // the state given here
        await CloseAsync(CancellationToken.None);
    }

    /// <summary>Of declared subscriptions to one topic the first counts, of programmatic ones the last; programmatic beats declared.</summary>
    private static List<Subscription> Merge(IReadOnlyList<Subscription> declared, IReadOnlyList<Subscription> programmatic)
    {
        var byTopic = new OrderedDictionary<(string, string), Subscription>();
        foreach (var subscription in declared)
        {
            byTopic.TryAdd((subscription.PubsubName, subscription.Topic), subscription);
        }

        foreach (var subscription in programmatic)
        {
            byTopic[(subscription.PubsubName, subscription.Topic)] = subscription;
        }

        return [.. byTopic.Values];
    }

    private async Task RetryAsync(List<Subscription> failed, CancellationToken ct)
    {
        var wait = TimeSpan.FromMilliseconds(500);
        try
        {
            while (failed.Count > 0)
            {
                await Task.Delay(wait, _context.Clock, ct);
                wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, TimeSpan.FromMinutes(1).Ticks));
                var again = new List<Subscription>();
                foreach (var subscription in failed)
                {
                    await TryOpenAsync(subscription, again, ct);
                }

                failed = again;
            }
        }
        catch (OperationCanceledException)
        {
            // Closed before they could be opened.
        }
    }

    private async Task TryOpenAsync(Subscription subscription, List<Subscription> failed, CancellationToken ct)
    {
        try
        {
            if (await _starter!.StartAsync(subscription, ct) is { } open) // only called when there is an app
            {
                lock (_open)
                {
                    _open.Add(open);
                }
            }
        }
#pragma warning disable CA1031 // A subscription that a broker refuses now may be taken later; the others go on.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _log.LogError(e, "failed to subscribe to topic {Topic} of pubsub {Pubsub}", subscription.Topic, subscription.PubsubName);
            failed.Add(subscription);
        }
    }
}

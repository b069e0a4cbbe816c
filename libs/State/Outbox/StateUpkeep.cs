using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprMesh.State.Outbox;

/// <summary>Once in a while, brings the logs of events of this process up to date and publishes what dead processes left.</summary>
internal sealed class StateUpkeep<T>(StateStore<T> store, LogRecovery recovery, DaprClient dapr, TimeProvider clock, ILogger log) : BackgroundService
    where T : class
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Looks around once before the service takes requests, if the sidecar is there already; it may well start later.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(StartPatience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            if (await dapr.CheckOutboundHealthAsync(either.Token))
            {
                await RunAsync(either.Token);
            }
        }
        catch (Exception e) when (e is DaprException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.LogWarning(e, "The logs of events could not be looked through at the start");
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Brings what can be brought to its end, and removes the logs or leaves them to the next process.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var lane in store.Lanes)
        {
            await lane.TidyAsync().WaitAsync(cancellationToken);
            await lane.Log.Publisher.StopAsync(cancellationToken);
            lane.Log.IsClosing = true;
            long left;
            do
            {
                left = lane.Log.Removable;
                await lane.TidyAsync().WaitAsync(cancellationToken);
            }
            while (lane.Log.Removable is var now and > 0 && now < left);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await dapr.WaitForSidecarAsync(stoppingToken);
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (DaprException e)
            {
                log.LogWarning(e, "The logs of events could not be looked through");
            }
        }
    }

    internal async Task RunAsync(CancellationToken ct)
    {
        foreach (var lane in store.Lanes)
        {
            await lane.TidyAsync().WaitAsync(ct);
        }

        await recovery.RunAsync([.. store.Lanes.Select(lane => lane.Log.Id)], ct);
    }
}

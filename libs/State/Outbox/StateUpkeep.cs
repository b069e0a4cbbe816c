using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprMesh.State.Outbox;

/// <summary>Once in a while, brings the logs of events of this process up to date and publishes what dead processes left.</summary>
internal sealed class StateUpkeep<T>(StateStore<T> store, LogRecovery recovery, DaprClient dapr, TimeProvider clock, ILogger log) : BackgroundService
    where T : class
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

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
        do
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
        while (await timer.WaitForNextTickAsync(stoppingToken));
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

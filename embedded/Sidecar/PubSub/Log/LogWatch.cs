using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>Looks after the log from time to time: what other processes wrote, leases that need renewing, messages that wait too long.</summary>
internal sealed class LogWatch(LogBroker broker, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ExpireInterval = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken ct)
    {
        await Task.Yield();
        var renewed = clock.GetTimestamp();
        var expired = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                try
                {
                    broker.Grown(broker.Store.Next());
                    if (clock.GetElapsedTime(expired) > ExpireInterval)
                    {
                        expired = clock.GetTimestamp();
                        await broker.ExpireAsync();
                    }
                }
#pragma warning disable CA1031 // The edge of a background loop: the next round tries again.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    log.LogError(e, "the log could not be looked after");
                }

                if (clock.GetElapsedTime(renewed) > LogBroker.Lease / 3)
                {
                    renewed = clock.GetTimestamp();
                    foreach (var queue in broker.Queues)
                    {
                        queue.Tend();
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker closes.
        }
    }
}

using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Options;

namespace DaprMesh.Catalog;

/// <summary>Publishes events that are committed, and only then takes them off the list of the unpublished.</summary>
internal sealed class OutboxPublisher(DaprClient dapr, ProductStore products, IOptions<CatalogOptions> options, ILogger<OutboxPublisher> log)
{
    /// <summary>A failure is no failure of the request that caused the events: they stay listed and are published later.</summary>
    public async Task PublishAsync(IReadOnlyDictionary<string, ProductEvent> events, CancellationToken ct)
    {
        if (events.Count == 0)
        {
            return;
        }

        try
        {
            foreach (var (id, happened) in events)
            {
                var metadata = new Dictionary<string, string> { ["cloudevent.id"] = id };
                await dapr.PublishEventAsync<object>(options.Value.PubSub, happened.Topic, happened, metadata, ct);
            }

            await products.ForgetAsync(events.Values.First().ProductId, [.. events.Keys], ct);
        }
        catch (DaprException e)
        {
            log.LogWarning(e, "{Count} events wait to be published", events.Count);
        }
    }
}

/// <summary>Publishes what an earlier process left unpublished: at the start, and once in a while.</summary>
internal sealed class OutboxRecovery(
    ProductStore products, OutboxPublisher outbox, DaprClient dapr, TimeProvider clock, ILogger<OutboxRecovery> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Younger events are still in the hands of the request that caused them.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await dapr.WaitForSidecarAsync(stoppingToken);
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                var old = clock.GetUtcNow() - Grace;
                foreach (var shard in await products.ShardsAsync(stoppingToken))
                {
                    foreach (var group in shard.Unpublished.Where(pair => pair.Value.At <= old).GroupBy(pair => pair.Value.ProductId))
                    {
                        await outbox.PublishAsync(new Dictionary<string, ProductEvent>(group), stoppingToken);
                    }
                }
            }
            catch (DaprException e)
            {
                log.LogWarning(e, "The list of unpublished events could not be read");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub;
using DaprMesh.Sidecar.Resiliency;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.State;

/// <summary>Takes events from the internal topic and publishes those whose transaction was committed.</summary>
internal sealed class OutboxRelay(SidecarContext context, IStateStore store, OutboxSettings settings)
{
    private static readonly Dictionary<string, string> NoMetadata = [];
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.outbox");

    public async ValueTask<DeliveryOutcome> HandleAsync(PubSubMessage message, CancellationToken ct)
    {
        if (JsonNode.Parse(message.Data.Span) is not JsonObject cloudEvent || cloudEvent["id"]?.GetValue<string>() is not { Length: > 0 } id)
        {
            _log.LogError("A message on {Topic} is no event of an outbox", message.Topic);
            return DeliveryOutcome.Failed;
        }

        // The transaction is committed after the event is published, so its marker is seldom there at the first look.
        if (!await TryAgainAsync(async () => await store.GetAsync(id, ct) is not null, ct))
        {
            _log.LogError(
                "The transaction of outbox event {Id} to {Topic} was not committed; the event is {Fate}",
                id, settings.PublishTopic, settings.DiscardWhenMissing ? "discarded" : "handed back");
            return settings.DiscardWhenMissing ? DeliveryOutcome.Done : DeliveryOutcome.Failed;
        }

        cloudEvent["topic"] = settings.PublishTopic;
        cloudEvent["pubsubname"] = settings.PublishPubsub;
        await PublishAsync(cloudEvent, ct);
        var removed = await TryAgainAsync(
            async () =>
            {
                await store.RunAsync(StateOperation.Delete(id), ct);
                return true;
            },
            ct);
        return removed ? DeliveryOutcome.Done : DeliveryOutcome.Failed;
    }

    private async Task PublishAsync(JsonObject cloudEvent, CancellationToken ct)
    {
        if (!context.Components.TryGet<IPubSub>(settings.PublishPubsub, out var pubsub))
        {
            throw new InvalidOperationException($"pubsub {settings.PublishPubsub} is not found");
        }

        var message = new PubSubMessage(
            settings.PublishTopic, OutboxEvent.Bytes(cloudEvent), cloudEvent["datacontenttype"]?.GetValue<string>(), NoMetadata);
        await context.Resiliency.Outbound(settings.PublishPubsub, ComponentKind.Pubsub).RunAsync(
            async attempt =>
            {
                await pubsub.PublishAsync(message, attempt);
                return true;
            },
            ct);
    }

    /// <summary>Tries with growing pauses until it succeeds; false when that took too long.</summary>
    private async Task<bool> TryAgainAsync(Func<Task<bool>> attempt, CancellationToken ct)
    {
        var started = context.Clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 3 < LongestPause ? pause * 3 : LongestPause)
        {
            try
            {
                if (await attempt())
                {
                    return true;
                }
            }
#pragma warning disable CA1031 // The store may be back at the next attempt.
            catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                _log.LogWarning(e, "The outbox cannot reach state store {Store}", store.Settings.StoreName);
            }

            if (context.Clock.GetElapsedTime(started) + pause > Patience)
            {
                return false;
            }

            await Task.Delay(pause, context.Clock, ct);
        }
    }
}

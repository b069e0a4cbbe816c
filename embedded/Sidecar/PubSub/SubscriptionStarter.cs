using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Puts a subscription together: component, rules, delivery, dead letters.</summary>
/// <param name="abandon">Cancelled when the graceful stop runs out of time.</param>
internal sealed class SubscriptionStarter(
    SidecarContext context, AppChannel app, PubSubTargets targets, Publisher publisher, ILogger log, CancellationToken abandon)
{
    private const int DefaultBulkMessages = 100;
    private const int DefaultBulkAwaitMs = 1000;

    private readonly AppDelivery _delivery = new(context, app);

    /// <summary>Null: the subscription cannot be, now or later; the log says why.</summary>
    public async ValueTask<IAsyncDisposable?> StartAsync(Subscription subscription, CancellationToken ct)
    {
        if (!targets.TryGet(subscription.PubsubName, out var target))
        {
            log.LogError("subscription to topic {Topic}: pubsub {Pubsub} is not found", subscription.Topic, subscription.PubsubName);
            return null;
        }

        if (!target.Scopes.MaySubscribe(subscription.Topic))
        {
            log.LogError("subscription to topic '{Topic}' on pubsub '{Pubsub}' is not allowed", subscription.Topic, target.Name);
            return null;
        }

        RouteSelector routes;
        try
        {
            routes = new RouteSelector(subscription.Rules);
        }
        catch (FormatException e)
        {
            log.LogError("subscription to topic {Topic} of pubsub {Pubsub}: {Reason}", subscription.Topic, target.Name, e.Message);
            return null;
        }

        var topic = target.TopicPrefix + subscription.Topic;
        var deadLetters = new DeadLetters(publisher, target, subscription.DeadLetterTopic, context.Clock, log);
        if (subscription.BulkSubscribe is { Enabled: true } bulk)
        {
            var batches = new BulkDelivery(context, target, subscription, routes, _delivery, deadLetters, log);
            var request = new BulkTopicRequest(
                topic,
                subscription.Metadata,
                bulk.MaxMessagesCount > 0 ? bulk.MaxMessagesCount : DefaultBulkMessages,
                TimeSpan.FromMilliseconds(bulk.MaxAwaitDurationMs > 0 ? bulk.MaxAwaitDurationMs : DefaultBulkAwaitMs));
            return await target.Component.SubscribeBulkAsync(request, (messages, _) => batches.HandleAsync(messages, abandon), ct);
        }

        var single = new TopicDelivery(context, target, subscription, routes, _delivery, deadLetters, log);
        return await target.Component.SubscribeAsync(
            new TopicRequest(topic, subscription.Metadata), (message, _) => single.HandleAsync(message, abandon), ct);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Dapr.AspNetCore;

/// <summary>Gathers the subscriptions from the metadata of the app's endpoints.</summary>
internal static class Subscriptions
{
    public static IReadOnlyList<Subscription> Of(IEnumerable<Endpoint> endpoints, SubscribeOptions? options, ILogger logger) =>
        [.. endpoints.OfType<RouteEndpoint>()
            .SelectMany(Listeners)
            .GroupBy(listener => (listener.PubsubName, listener.Topic))
            .OrderBy(topic => topic.Key)
            .Select(topic => Subscription([.. topic.OrderBy(listener => listener.Priority)], options, logger))];

    private static IEnumerable<Listener> Listeners(RouteEndpoint endpoint)
    {
        var bulk = endpoint.Metadata.GetOrderedMetadata<IBulkSubscribeMetadata>();
        var metadata = endpoint.Metadata.GetOrderedMetadata<IOriginalTopicMetadata>();
        foreach (var topic in endpoint.Metadata.GetOrderedMetadata<ITopicMetadata>())
        {
            if (topic.Name is null)
                continue;

            var owned = topic as IOwnedOriginalTopicMetadata;
            var bulkOfTopic = bulk.FirstOrDefault(b => b.TopicName == topic.Name);
            yield return new Listener(
                topic.PubsubName,
                topic.Name,
                topic.Match,
                topic.Priority,
                Path(endpoint.RoutePattern),
                (topic as IDeadLetterTopicMetadata)?.DeadLetterTopic,
                (topic as IRawTopicMetadata)?.EnableRawPayload ?? false,
                owned?.MetadataSeparator,
                [.. metadata.Where(m => string.IsNullOrEmpty(m.Id) || owned?.OwnedMetadatas?.Contains(m.Id) == true)],
                bulkOfTopic is null ? null : new SubscriptionBulk(true, bulkOfTopic.MaxMessagesCount, bulkOfTopic.MaxAwaitDurationMs));
        }
    }

    private static Subscription Subscription(IReadOnlyList<Listener> listeners, SubscribeOptions? options, ILogger logger)
    {
        var first = listeners[0];
        // An endpoint that answers several methods is one route.
        var defaults = listeners.Where(l => string.IsNullOrEmpty(l.Match)).Select(l => l.Path).Distinct().ToArray();
        var rules = listeners.Where(l => !string.IsNullOrEmpty(l.Match)).DistinctBy(l => (l.Match, l.Path, l.Priority)).ToArray();
        Report(first, defaults, rules, logger);

        var metadata = Metadata(listeners);
        if (options?.EnableRawPayload == true || listeners.Any(l => l.RawPayload))
            metadata["rawPayload"] = "true";

        return new Subscription
        {
            PubsubName = first.PubsubName,
            Topic = first.Topic,
            Route = rules.Length == 0 ? defaults.FirstOrDefault() : null,
            Routes = rules.Length == 0 ? null : new SubscriptionRoutes([.. rules.Select(r => new SubscriptionRule(r.Match ?? "", r.Path))], defaults.FirstOrDefault()),
            Metadata = metadata.Count > 0 ? metadata : null,
            DeadLetterTopic = first.DeadLetterTopic,
            BulkSubscribe = first.Bulk,
        };
    }

    private static Dictionary<string, string> Metadata(IReadOnlyList<Listener> listeners)
    {
        var separator = listeners.Select(l => l.MetadataSeparator).FirstOrDefault(s => !string.IsNullOrEmpty(s)) ?? ",";
        return listeners.SelectMany(l => l.Metadata)
            .GroupBy(m => m.Name, m => m.Value)
            .ToDictionary(values => values.Key, values => string.Join(separator, values.Distinct()));
    }

    private static void Report(Listener topic, string[] defaults, Listener[] rules, ILogger logger)
    {
        if (defaults.Length > 1)
            logger.LogError("A default subscription to topic {Topic} on pubsub {Pubsub} already exists", topic.Topic, topic.PubsubName);
        foreach (var same in rules.GroupBy(r => r.Priority).Where(g => g.Count() > 1))
        {
            logger.LogError("A subscription to topic {Topic} on pubsub {Pubsub} has duplicate priorities for {Priority}: found {Count} occurrences",
                topic.Topic, topic.PubsubName, same.Key, same.Count());
        }
    }

    // The sidecar posts to one fixed path, so a parameter in it has no value: the cast refuses it.
    private static string Path(RoutePattern pattern) =>
        string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Cast<RoutePatternLiteralPart>().Select(part => part.Content))));

    private sealed record Listener(
        string PubsubName,
        string Topic,
        string? Match,
        int Priority,
        string Path,
        string? DeadLetterTopic,
        bool RawPayload,
        string? MetadataSeparator,
        IReadOnlyList<IOriginalTopicMetadata> Metadata,
        SubscriptionBulk? Bulk);
}

using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Dapr's publish and subscribe API.</summary>
internal sealed class PubSubApi : IBuildingBlock
{
    private readonly PublishRequests _publish;
    private readonly BulkPublishRequests _bulkPublish;
    private readonly SubscriptionSet _subscriptions;

    public PubSubApi(SidecarContext context)
    {
        var targets = new PubSubTargets(context);
        var publisher = new Publisher(context);
        _publish = new PublishRequests(context, targets, publisher);
        _bulkPublish = new BulkPublishRequests(context, targets, publisher);
        _subscriptions = new SubscriptionSet(context, targets, publisher);
    }

    public void Map(RouteTable routes)
    {
        routes.Map("POST|PUT", "v1.0/publish/{pubsub}/{topic*}", "publish", _publish.PublishAsync);
        routes.Map("POST|PUT", "v1.0/publish/bulk/{pubsub}/{topic*}", "publish", _bulkPublish.PublishAsync);
        routes.Map("POST|PUT", "v1.0-alpha1/publish/bulk/{pubsub}/{topic*}", "publish", _bulkPublish.PublishAsync);
    }

    public Task StartAsync(CancellationToken ct) => _subscriptions.StartAsync(ct);

    public Task PauseAsync(CancellationToken ct) => _subscriptions.CloseAsync(ct);

    public Task ResumeAsync(CancellationToken ct) => _subscriptions.OpenAsync(ct);

    public Task StopAsync(CancellationToken ct) => _subscriptions.StopAsync(ct);

    public Task BeforeReloadAsync(ResourceChange change, CancellationToken ct) =>
        change.Closes<IPubSub>() ? _subscriptions.CloseAsync(ct) : Task.CompletedTask;

    public Task AfterReloadAsync(ResourceChange change, CancellationToken ct) =>
        change.Closes<IPubSub>() || change.Opens<IPubSub>() || change.Subscriptions ? _subscriptions.ReopenAsync(ct) : Task.CompletedTask;

    public void Describe(JsonObject metadata)
    {
        if (_subscriptions.All.Count == 0)
        {
            return;
        }

        metadata["subscriptions"] = new JsonArray([.. _subscriptions.All.Select(Describe)]);
    }

    private static JsonObject Describe(Subscription subscription)
    {
        var described = new JsonObject { ["pubsubname"] = subscription.PubsubName, ["topic"] = subscription.Topic };
        if (subscription.Metadata.Count > 0)
        {
            described["metadata"] = new JsonObject(subscription.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        described["rules"] = new JsonArray([.. subscription.Rules.Select(rule => string.IsNullOrWhiteSpace(rule.Match)
            ? new JsonObject { ["path"] = rule.Path }
            : new JsonObject { ["match"] = rule.Match.Trim(), ["path"] = rule.Path })]);
        described["deadLetterTopic"] = subscription.DeadLetterTopic ?? "";
        described["type"] = subscription.IsDeclarative ? "DECLARATIVE" : "PROGRAMMATIC";
        return described;
    }
}

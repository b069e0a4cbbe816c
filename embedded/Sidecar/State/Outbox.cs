using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub;
using DaprMesh.Sidecar.Resiliency;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.State;

/// <summary>
/// The transactional outbox. Before a transaction, the event of each upsert goes to a topic of the app's own, and the transaction writes a marker
/// for it; whoever reads that topic publishes the event for good once its marker is there, and then removes the marker.
/// </summary>
internal sealed class Outbox(SidecarContext context)
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    private readonly List<IAsyncDisposable> _subscriptions = [];
    private bool _started;
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.outbox");

    /// <summary>Subscribes to the internal topics of every store that has an outbox.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        _started = true;
        foreach (var (_, store) in context.Components.OfKind<IStateStore>())
        {
            if (store.Settings.Outbox is not { } settings)
            {
                continue;
            }

            if (!context.Components.TryGet<IPubSub>(settings.InternalPubsub, out var pubsub))
            {
                _log.LogWarning("The outbox of {Store} has no pub/sub component {Pubsub}", store.Settings.StoreName, settings.InternalPubsub);
                continue;
            }

            var relay = new OutboxRelay(context, store, settings);
            _subscriptions.Add(await pubsub.SubscribeAsync(new TopicRequest(Topic(settings), NoMetadata), relay.HandleAsync, ct));
        }
    }

    /// <summary>Stores or brokers have come or gone: subscribes to what there is now.</summary>
    public async Task RestartAsync(CancellationToken ct)
    {
        if (!_started)
        {
            return;
        }

        await StopAsync();
        await StartAsync(ct);
    }

    public async Task StopAsync()
    {
        foreach (var subscription in _subscriptions)
        {
            await subscription.DisposeAsync();
        }

        _subscriptions.Clear();
    }

    /// <summary>A projection is what an upsert's event says in place of what is stored; it is not stored itself.</summary>
    public bool IsProjection(IStateStore store, TransactionOperation operation) =>
        store.Settings.Outbox is not null
        && operation.Kind == StateOperationKind.Upsert
        && operation.Metadata.TryGetValue("outbox.projection", out var value)
        && value.Trim().ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1";

    /// <summary>Publishes the events of a transaction to the internal topic.</summary>
    /// <returns>The markers that the transaction has to write.</returns>
    /// <exception cref="ApiException">An event could not be published: nothing may be written.</exception>
    public async Task<IReadOnlyList<StateOperation>> PublishAsync(
        IStateStore store, IReadOnlyList<TransactionOperation> operations, ApiCall call)
    {
        if (store.Settings.Outbox is not { } settings)
        {
            return [];
        }

        var projections = new Dictionary<string, TransactionOperation>(StringComparer.Ordinal);
        foreach (var projection in operations.Where(operation => IsProjection(store, operation)))
        {
            projections[projection.Key] = projection;
        }

        var markers = new List<StateOperation>();
        try
        {
            foreach (var operation in operations)
            {
                if (operation.Kind != StateOperationKind.Upsert || IsProjection(store, operation))
                {
                    continue;
                }

                var id = $"outbox-{Guid.NewGuid()}";
                var cloudEvent = OutboxEvent.Build(
                    id, context.AppId, settings.InternalPubsub, operation, projections.GetValueOrDefault(operation.Key), context.Clock.GetUtcNow());
                Trace(cloudEvent, call);
                await PublishInternalAsync(settings, cloudEvent, call.Aborted);
                markers.Add(StateOperation.Upsert(id, "\"0\""u8.ToArray()));
            }
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            throw ApiException.Rich(
                500, "ERR_PUBLISH_OUTBOX", $"error while publishing outbox message: {StateApiErrors.Reason(e)}", "DAPR_PUBSUB_OUTBOX",
                new Dictionary<string, string> { ["appID"] = context.AppId, ["error"] = StateApiErrors.Reason(e) });
        }

        return markers;
    }

    private async Task PublishInternalAsync(OutboxSettings settings, JsonObject cloudEvent, CancellationToken ct)
    {
        if (!context.Components.TryGet<IPubSub>(settings.InternalPubsub, out var pubsub))
        {
            throw new InvalidOperationException($"pubsub {settings.InternalPubsub} is not found");
        }

        var message = new PubSubMessage(Topic(settings), OutboxEvent.Bytes(cloudEvent), ContentType: null, NoMetadata);
        await context.Resiliency.Outbound(settings.InternalPubsub, ComponentKind.Pubsub).RunAsync(
            async attempt =>
            {
                await pubsub.PublishAsync(message, attempt);
                return true;
            },
            ct);
    }

    /// <summary>daprd puts the span of the request into <c>traceid</c>, whole, and leaves the other two as they are.</summary>
    private static void Trace(JsonObject cloudEvent, ApiCall call)
    {
        if (cloudEvent["traceid"] is JsonValue { } given && given.GetValue<string>().Length > 0)
        {
            return;
        }

        var headers = call.Http.Request.Headers;
        cloudEvent["traceid"] = headers.TraceParent.ToString();
        if (headers.TraceState.Count > 0)
        {
            cloudEvent["tracestate"] = headers.TraceState.ToString();
        }
    }

    private string Topic(OutboxSettings settings) => $"{context.Namespace}{context.AppId}{settings.PublishTopic}outbox";
}

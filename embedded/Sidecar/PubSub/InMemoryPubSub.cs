namespace DaprMesh.Sidecar.PubSub;

/// <summary>
/// <c>pubsub.in-memory</c>: what nobody subscribes to is lost, every subscription gets every message, one at a time. A publisher waits until
/// each subscription has taken its message over, so a slow subscriber slows its publishers down.
/// </summary>
internal sealed class InMemoryPubSub(InMemoryBroker broker) : IPubSub
{
    public IReadOnlyList<string> Capabilities { get; } = ["SUBSCRIBE_WILDCARDS"];

    public bool HasNativeTtl => false;

    public Task InitAsync(CancellationToken ct) => Task.CompletedTask;

    public async ValueTask PublishAsync(PubSubMessage message, CancellationToken ct)
    {
        foreach (var subscriber in broker.Find(message.Topic))
        {
            await subscriber.TakeAsync(message, ct);
        }
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(TopicRequest request, MessageHandler handler, CancellationToken ct) =>
        new(broker.Add(request.Topic, request.IsConcurrent, handler));

    /// <summary>A batch would never fill, because a message is only taken over when the one before is done; so each is a batch of its own.</summary>
    public ValueTask<IAsyncDisposable> SubscribeBulkAsync(BulkTopicRequest request, BulkMessageHandler handler, CancellationToken ct) =>
        new(broker.Add(request.Topic, isConcurrent: false, async (message, token) => (await handler([message], token))[0]));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

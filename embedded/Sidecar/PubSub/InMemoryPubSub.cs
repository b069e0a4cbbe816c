namespace DaprMesh.Sidecar.PubSub;

/// <summary>
/// <c>pubsub.in-memory</c>: what nobody subscribes to is lost, every subscription gets every message, one at a time. A publisher waits until
/// each subscription has taken its message over, so a slow subscriber slows its publishers down.
/// </summary>
internal sealed class InMemoryPubSub(InMemoryBroker broker, TimeProvider clock) : IPubSub
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

    /// <summary>The entries race for the subscribers, and as in daprd the last one comes first.</summary>
    public async ValueTask<IReadOnlyList<Exception?>> PublishBulkAsync(IReadOnlyList<PubSubMessage> messages, CancellationToken ct)
    {
        var last = messages.Skip(messages.Count - 1).Select(message => PublishAsync(message, ct).AsTask()).ToList();
        var others = messages.SkipLast(1).Select(message => PublishAsync(message, ct).AsTask()).ToList();
        await Task.WhenAll([.. last, .. others]);
        return new Exception?[messages.Count];
    }

    /// <summary>
    /// As in daprd, each message is a batch of its own that waits out the time limit: the next one is only taken over when it is done,
    /// so a batch of more than one never fills.
    /// </summary>
    public ValueTask<IAsyncDisposable> SubscribeBulkAsync(BulkTopicRequest request, BulkMessageHandler handler, CancellationToken ct) =>
        new(broker.Add(request.Topic, isConcurrent: false, async (message, token) =>
        {
            if (request.MaxMessages > 1)
            {
                await Task.Delay(request.MaxAwait, clock, token);
            }

            return (await handler([message], token))[0];
        }));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

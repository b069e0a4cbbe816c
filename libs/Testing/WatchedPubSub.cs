using DaprMesh.Sidecar.PubSub;

namespace DaprMesh.Testing;

/// <summary>A pub/sub component whose accepted messages are recorded, and that fails when a switch says so.</summary>
internal sealed class WatchedPubSub(string appId, string name, IPubSub inner, EventRecorder events, Faults faults, TimeProvider clock) : IPubSub
{
    public IReadOnlyList<string> Capabilities => inner.Capabilities;

    public bool HasNativeTtl => inner.HasNativeTtl;

    public Task InitAsync(CancellationToken ct) => inner.InitAsync(ct);

    public async ValueTask PublishAsync(PubSubMessage message, CancellationToken ct)
    {
        faults.BeforeUse(name);
        await inner.PublishAsync(message, ct);
        Record(message);
    }

    public async ValueTask<IReadOnlyList<Exception?>> PublishBulkAsync(IReadOnlyList<PubSubMessage> messages, CancellationToken ct)
    {
        faults.BeforeUse(name);
        var errors = await inner.PublishBulkAsync(messages, ct);
        foreach (var (message, error) in messages.Zip(errors))
        {
            if (error is null)
            {
                Record(message);
            }
        }

        return errors;
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(TopicRequest request, MessageHandler handler, CancellationToken ct) =>
        inner.SubscribeAsync(request, handler, ct);

    public ValueTask<IAsyncDisposable> SubscribeBulkAsync(BulkTopicRequest request, BulkMessageHandler handler, CancellationToken ct) =>
        inner.SubscribeBulkAsync(request, handler, ct);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Record(PubSubMessage message) =>
        events.Add(new PublishedEvent(appId, name, message.Topic, EventContent.Of(message.Data), clock.GetUtcNow()));
}

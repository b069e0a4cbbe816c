using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>A pub/sub component: takes messages for topics and brings them to whoever subscribes.</summary>
public interface IPubSub : IComponent
{
    /// <summary>The component drops expired messages itself; otherwise the envelope carries an <c>expiration</c>.</summary>
    bool HasNativeTtl { get; }

    /// <summary>Completes when the message is accepted: a durable component has it on disk by then.</summary>
    ValueTask PublishAsync(PubSubMessage message, CancellationToken ct);

    /// <summary>Publishes in order; the answer has one entry a message, null where it was accepted.</summary>
    async ValueTask<IReadOnlyList<Exception?>> PublishBulkAsync(IReadOnlyList<PubSubMessage> messages, CancellationToken ct)
    {
        var errors = new Exception?[messages.Count];
        for (var i = 0; i < errors.Length; i++)
        {
            try
            {
                await PublishAsync(messages[i], ct);
            }
#pragma warning disable CA1031 // What one message meets is told for that message; the others go on.
            catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                errors[i] = e;
            }
        }

        return errors;
    }

    /// <summary>Brings a topic's messages to <paramref name="handler"/> until the subscription is disposed, which waits for handlers that run.</summary>
    ValueTask<IAsyncDisposable> SubscribeAsync(TopicRequest request, MessageHandler handler, CancellationToken ct);

    /// <summary>As <see cref="SubscribeAsync"/>, but several messages at a time.</summary>
    ValueTask<IAsyncDisposable> SubscribeBulkAsync(BulkTopicRequest request, BulkMessageHandler handler, CancellationToken ct);
}

/// <summary>A message as a broker carries it.</summary>
public sealed record PubSubMessage(
    string Topic, ReadOnlyMemory<byte> Data, string? ContentType, IReadOnlyDictionary<string, string> Metadata);

/// <param name="Metadata">The subscription's own metadata.</param>
/// <param name="IsConcurrent">The handler may run for several messages at once, and no publisher waits for it.</param>
public sealed record TopicRequest(string Topic, IReadOnlyDictionary<string, string> Metadata, bool IsConcurrent = false);

public sealed record BulkTopicRequest(
    string Topic, IReadOnlyDictionary<string, string> Metadata, int MaxMessages, TimeSpan MaxAwait);

/// <summary>Handles one message. An exception counts as <see cref="DeliveryOutcome.Failed"/>.</summary>
public delegate ValueTask<DeliveryOutcome> MessageHandler(PubSubMessage message, CancellationToken ct);

/// <summary>Handles a batch and answers with one outcome a message, in their order.</summary>
public delegate ValueTask<IReadOnlyList<DeliveryOutcome>> BulkMessageHandler(IReadOnlyList<PubSubMessage> messages, CancellationToken ct);

/// <summary>What became of a delivery, as the broker is told.</summary>
public enum DeliveryOutcome
{
    /// <summary>Handled, dropped or dead-lettered: the broker forgets it for this subscriber.</summary>
    Done,

    /// <summary>Not handled: the component does what its settings say (discard or requeue).</summary>
    Failed,

    /// <summary>Neither handled nor refused, as when the sidecar stops: a durable component keeps it and hands it over again.</summary>
    Kept,
}

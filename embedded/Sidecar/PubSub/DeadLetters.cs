using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Publishes what could not be handled to the subscription's dead-letter topic.</summary>
internal sealed class DeadLetters(Publisher publisher, PubSubTarget target, string? topic, TimeProvider clock, ILogger log)
{
    /// <summary>The delivery's own time may be used up by retries, so the publish has a budget of its own.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    public bool Exist => !string.IsNullOrEmpty(topic);

    /// <summary>True when the message is in the dead-letter topic; false when there is none or it does not take it.</summary>
    public async ValueTask<bool> SendAsync(PubSubMessage message, CancellationToken ct)
    {
        if (topic is null or "")
        {
            return false;
        }

        using var budget = new CancellationTokenSource(Budget, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, ct);
        try
        {
            await publisher.PublishAsync(target, message with { Topic = topic }, either.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever the publish meets, the message then goes back to the broker.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogError(e, "error sending message to dead letter, origin topic: {Topic} dead letter topic {DeadLetterTopic}", message.Topic, topic);
            return false;
        }
    }
}

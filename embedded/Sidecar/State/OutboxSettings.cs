using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.State;

/// <summary>What a state store's metadata says about its transactional outbox.</summary>
/// <param name="InternalPubsub">The component that carries events between the transaction and its end.</param>
/// <param name="DiscardWhenMissing">An event whose transaction never was is forgotten, in place of being handed back to the broker.</param>
internal sealed record OutboxSettings(string PublishPubsub, string PublishTopic, string InternalPubsub, bool DiscardWhenMissing)
{
    /// <summary>Null unless the component names both where events are published and the topic.</summary>
    public static OutboxSettings? Of(Component component)
    {
        var pubsub = component.Find("outboxPublishPubsub");
        var topic = component.Find("outboxPublishTopic");
        return string.IsNullOrEmpty(pubsub) || string.IsNullOrEmpty(topic)
            ? null
            : new OutboxSettings(
                pubsub,
                topic,
                component.Find("outboxPubsub") is { Length: > 0 } carrier ? carrier : pubsub,
                component.IsTrue("outboxDiscardWhenMissingState"));
    }
}

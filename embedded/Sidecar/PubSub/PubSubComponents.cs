using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>The pub/sub component types.</summary>
internal static class PubSubComponents
{
    public static readonly IReadOnlyList<ComponentType> Types =
    [
        new("pubsub.in-memory", ["v1"], (component, context) => new InMemoryPubSub(
            context.Runtime.Shared($"pubsub.in-memory/{context.Namespace}/{component.Name}", () => new InMemoryBroker()), context.Clock)),
        new("pubsub.sqlite", ["v1"], (component, context) => new SqlitePubSub(component, context)),
    ];
}

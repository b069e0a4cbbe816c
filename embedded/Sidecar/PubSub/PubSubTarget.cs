using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>A component as this sidecar may use it: its scopes, its policies and the prefix its topics get.</summary>
internal sealed record PubSubTarget(string Name, IPubSub Component, TopicScopes Scopes, string TopicPrefix, Policy Outbound, Policy Inbound);

/// <summary>The pub/sub components of a sidecar by name.</summary>
internal sealed class PubSubTargets(SidecarContext context)
{
    private readonly ConcurrentDictionary<string, PubSubTarget> _targets = new(StringComparer.Ordinal);

    public bool TryGet(string name, [NotNullWhen(true)] out PubSubTarget? target)
    {
        if (_targets.TryGetValue(name, out target))
        {
            return true;
        }

        if (context.Components.OfKind<IPubSub>().FirstOrDefault(entry => entry.Component.Name == name) is not ({ } component, { } instance))
        {
            return false;
        }

        target = _targets.GetOrAdd(name, new PubSubTarget(
            name,
            instance,
            new TopicScopes(component.Resource, context.AppId),
            IsNamespaced(name) ? context.Namespace : "",
            context.Resiliency.Outbound(name, ComponentKind.Pubsub),
            context.Resiliency.Inbound(name, ComponentKind.Pubsub)));
        return true;
    }

    /// <summary>A <c>{namespace}</c> anywhere in a component's metadata keeps the topics of namespaces apart.</summary>
    private bool IsNamespaced(string name) => context.Resources.Components.Any(manifest =>
        manifest.Name == name && manifest.Metadata.Any(item => item.Value?.Contains("{namespace}", StringComparison.Ordinal) == true));
}

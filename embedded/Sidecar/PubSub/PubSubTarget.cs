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
    private readonly ConcurrentDictionary<string, Known> _targets = new(StringComparer.Ordinal);

    public bool TryGet(string name, [NotNullWhen(true)] out PubSubTarget? target)
    {
        if (context.Components.Find(name) is not { Instance: IPubSub instance } component)
        {
            target = null;
            return false;
        }

        var policies = context.Resiliency;
        if (_targets.TryGetValue(name, out var known) && ReferenceEquals(known.Target.Component, instance) && ReferenceEquals(known.Policies, policies))
        {
            target = known.Target;
            return true;
        }

        // The first use, or what it was made of has been replaced since.
        target = new PubSubTarget(
            name,
            instance,
            new TopicScopes(component.Resource, context.AppId),
            IsNamespaced(name) ? context.Namespace : "",
            policies.Outbound(name, ComponentKind.Pubsub),
            policies.Inbound(name, ComponentKind.Pubsub));
        _targets[name] = new(target, policies);
        return true;
    }

    /// <summary>A <c>{namespace}</c> anywhere in a component's metadata keeps the topics of namespaces apart.</summary>
    private bool IsNamespaced(string name) => context.Resources.Components.Any(manifest =>
        manifest.Name == name && manifest.Metadata.Any(item => item.Value?.Contains("{namespace}", StringComparison.Ordinal) == true));

    private sealed record Known(PubSubTarget Target, ResiliencyPolicies Policies);
}

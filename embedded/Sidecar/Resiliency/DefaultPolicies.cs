using System.Collections.Frozen;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Resiliency;

/// <summary>The policies that targets without their own get, by the names Dapr gives them, such as <c>DefaultAppRetryPolicy</c>.</summary>
internal sealed class DefaultPolicies
{
    private readonly FrozenDictionary<ComponentKind, PolicyNames?> _inbound;
    private readonly FrozenDictionary<ComponentKind, PolicyNames?> _outbound;

    public DefaultPolicies(PolicyDefinitions definitions)
    {
        App = definitions.Defaults("App", "");
        Actor = definitions.Defaults("Actor", "");
        _inbound = ByKind("Inbound");
        _outbound = ByKind("Outbound");

        FrozenDictionary<ComponentKind, PolicyNames?> ByKind(string direction) => Enum.GetValues<ComponentKind>().ToFrozenDictionary(
            kind => kind, kind => definitions.Defaults($"{kind}Component{direction}", $"Component{direction}", "Component", ""));
    }

    public PolicyNames? App { get; }

    public PolicyNames? Actor { get; }

    public PolicyNames? Inbound(ComponentKind kind) => _inbound[kind];

    public PolicyNames? Outbound(ComponentKind kind) => _outbound[kind];
}

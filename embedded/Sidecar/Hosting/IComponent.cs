using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>A loaded component. It is created from its resource, initialised once and disposed with the sidecar.</summary>
public interface IComponent : IAsyncDisposable
{
    /// <summary>What <c>GET /v1.0/metadata</c> lists as the component's capabilities, such as <c>ETAG</c>.</summary>
    IReadOnlyList<string> Capabilities { get; }

    /// <summary>Opens what the component needs. An exception's message is what daprd would print as the reason.</summary>
    Task InitAsync(CancellationToken ct);
}

/// <summary>A component type by its <c>type</c> string, the versions it answers to and how an instance is made.</summary>
public sealed record ComponentType(string Type, IReadOnlyList<string> Versions, Func<Component, SidecarContext, IComponent> Create);

/// <summary>A component with its resource.</summary>
public sealed record LoadedComponent(Component Resource, IComponent Instance)
{
    public string Name => Resource.Name;
}

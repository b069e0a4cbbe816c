namespace DaprMesh.Sidecar.Hosting;

/// <summary>Every component type the sidecar has. Each building block lists its own.</summary>
internal static class ComponentTypes
{
    public static readonly IReadOnlyDictionary<string, ComponentType> All = List().ToDictionary(type => type.Type, StringComparer.Ordinal);

    private static IEnumerable<ComponentType> List() =>
    [
        .. State.StateComponents.Types,
        .. Secrets.SecretComponents.Types,
        .. Locks.LockComponents.Types,
        .. Configurations.ConfigurationComponents.Types,
        .. Middleware.MiddlewareComponents.Types,
        .. PubSub.PubSubComponents.Types,
        .. Bindings.BindingComponents.Types,
    ];
}

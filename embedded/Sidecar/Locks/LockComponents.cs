using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Locks;

internal static class LockComponents
{
    public static IEnumerable<ComponentType> Types =>
    [
        new("lock.sqlite", ["v1"], (component, context) => new SqliteLockStore(component, context)),
    ];
}

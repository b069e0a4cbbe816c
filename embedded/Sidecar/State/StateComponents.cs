using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.State;

internal static class StateComponents
{
    public static IEnumerable<ComponentType> Types =>
    [
        new("state.in-memory", ["v1"], (component, context) => new InMemoryStateStore(component, context)),
        new("state.sqlite", ["v1"], (component, context) => new SqliteStateStore(component, context)),
        new("state.sqlite3", ["v1"], (component, context) => new SqliteStateStore(component, context)),
    ];
}

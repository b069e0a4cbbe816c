using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Configurations;

internal static class ConfigurationComponents
{
    public static IEnumerable<ComponentType> Types =>
    [
        new("configuration.sqlite", ["v1"], (component, context) => new SqliteConfigurationStore(component, context)),
    ];
}

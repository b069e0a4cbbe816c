using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Secrets;

internal static class SecretComponents
{
    public static IEnumerable<ComponentType> Types =>
    [
        new("secretstores.local.file", ["v1"], (component, context) => new LocalFileSecretStore(component, context)),
        new("secretstores.local.env", ["v1"], (component, context) => new LocalEnvSecretStore(component, context)),
    ];
}

using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Bindings;

/// <summary>The binding component types.</summary>
internal static class BindingComponents
{
    public static readonly IReadOnlyList<ComponentType> Types =
    [
        new("bindings.cron", ["v1"], (component, context) => new CronBinding(component, context)),
        new("bindings.http", ["v1"], (component, _) => new HttpBinding(component)),
        new("bindings.localstorage", ["v1"], (component, context) => new LocalStorageBinding(component, context)),
        new("bindings.smtp", ["v1"], (component, context) => new SmtpBinding(component, context)),
    ];
}

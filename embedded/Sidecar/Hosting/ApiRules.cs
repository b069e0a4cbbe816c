using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Which APIs the Configuration allows: what is denied is refused first, then only what is listed, if anything is.</summary>
internal static class ApiRules
{
    public static Func<Route, bool> For(Configuration configuration) =>
        configuration.ApiAllowed.Count == 0 && configuration.ApiDenied.Count == 0
            ? _ => true
            : route => route.Group == "healthz" || IsAllowed(configuration, route.Group, route.Version);

    public static bool IsInvokeAllowed(Configuration configuration) => IsAllowed(configuration, "invoke", "v1.0");

    private static bool IsAllowed(Configuration configuration, string name, string version)
    {
        bool Names(ApiRule rule) => rule.Protocol is "http" or "" && rule.Name == name && rule.Version == version;
        return !configuration.ApiDenied.Any(Names)
            && (!configuration.ApiAllowed.Any(rule => rule.Protocol is "http" or "") || configuration.ApiAllowed.Any(Names));
    }
}

using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Which APIs the Configuration allows: what is denied is refused first, then only what is listed, if anything is.</summary>
internal sealed class ApiRules
{
    private const string InvokeTemplate = "v1.0/invoke/{id}/method/{method*}";

    private readonly List<string> _allowed;
    private readonly List<string> _denied;

    private ApiRules(Configuration configuration)
    {
        _allowed = Keys(configuration.ApiAllowed);
        _denied = Keys(configuration.ApiDenied);
    }

    public static Func<Route, bool> For(Configuration configuration)
    {
        var rules = new ApiRules(configuration);
        return rules._allowed.Count == 0 && rules._denied.Count == 0
            ? _ => true
            : route => route.Group == "healthz" || rules.Allow(route.Group, route.Version, route.Template);
    }

    public static bool IsInvokeAllowed(Configuration configuration) => new ApiRules(configuration).Allow("invoke", "v1.0", InvokeTemplate);

    private bool Allow(string group, string version, string template) =>
        !Match(_denied, group, version, template) && (_allowed.Count == 0 || Match(_allowed, group, version, template));

    /// <summary>A rule names an API (<c>v1/state</c>) or, as older ones do, the beginning of its path (<c>v1.0/state</c>).</summary>
    private static bool Match(List<string> rules, string group, string version, string template)
    {
        var api = $"{GroupVersion(version)}/{group}";
        return rules.Exists(rule => rule == api || template.StartsWith(rule, StringComparison.Ordinal));
    }

    private static string GroupVersion(string version) => version switch
    {
        "v1.0" => "v1",
        "v1.0-alpha1" => "v1alpha1",
        "v1.0-alpha2" => "v1alpha2",
        "v1.0-beta1" => "v1beta1",
        _ => version,
    };

    private static List<string> Keys(IReadOnlyList<ApiRule> rules) =>
        [.. rules.Where(rule => rule.Protocol.Equals("http", StringComparison.OrdinalIgnoreCase)).Select(rule => $"{rule.Version}/{rule.Name}")];
}

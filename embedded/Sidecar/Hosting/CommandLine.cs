namespace DaprMesh.Sidecar.Hosting;

/// <summary>daprd's flags.</summary>
public static class CommandLine
{
    public static SidecarOptions Parse(string[] args, IReadOnlyDictionary<string, string> environment)
    {
        var flags = args.Select(arg => arg.TrimStart('-').Split('=', 2)).ToLookup(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "true");
        string? Text(string name) => flags[name].LastOrDefault();
        int Number(string name, int fallback) => Text(name) is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : fallback;
        return new SidecarOptions
        {
            AppId = Text("app-id") ?? "",
            AppPort = Number("app-port", 0),
            DaprHttpPort = Number("dapr-http-port", 3500),
            DaprInternalPort = Number("dapr-internal-grpc-port", 0),
            DaprListenAddresses = [Text("dapr-listen-addresses") ?? ""],
            MetricsPort = Number("metrics-port", 9090),
            MetricsListenAddress = Text("metrics-listen-address") ?? "",
            ResourcesPaths = [.. flags["resources-path"]],
            ConfigFiles = [.. flags["config"]],
            PlacementHostAddress = Text("placement-host-address"),
            SchedulerHostAddress = Text("scheduler-host-address"),
            Namespace = environment.GetValueOrDefault("NAMESPACE", ""),
            DaprApiToken = environment.GetValueOrDefault("DAPR_API_TOKEN"),
            AppApiToken = environment.GetValueOrDefault("APP_API_TOKEN"),
            Environment = environment,
        };
    }
}

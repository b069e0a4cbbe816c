namespace DaprMesh.Sidecar.Hosting;

/// <summary>Every flag of daprd.</summary>
internal static class DaprdFlags
{
    public static IReadOnlyList<Flag> All { get; } =
    [
        Text("app-id", "", "The name of the app, by which others find it and its state is kept"),
        Text("app-port", "", "The port the app listens on"),
        Text("app-protocol", "http", "How the app is spoken to: http, https, h2c"),
        Text("app-channel-address", "127.0.0.1", "The address the app listens on"),
        Number("app-max-concurrency", "-1", "How many calls the app gets at once; -1: no limit"),
        Switch("app-ssl", "Speak https to the app; --app-protocol=https says the same"),
        Switch("enable-app-health-check", "Probe the app's health and bring it no work while it is unhealthy"),
        Text("app-health-check-path", "/healthz", "The path that is probed"),
        Number("app-health-probe-interval", "5", "Seconds between two probes"),
        Number("app-health-probe-timeout", "500", "Milliseconds a probe may take"),
        Number("app-health-threshold", "3", "Failures in a row that make the app unhealthy"),
        List("disable-init-endpoints", "Calls to the app that are left out at start: config, subscribe"),
        Text("dapr-http-port", "3500", "The port of the Dapr API; 0: a free one"),
        Text("dapr-grpc-port", "50001", "Told to the app and in metadata; there is no gRPC API"),
        Text("dapr-internal-grpc-port", "", "The port other sidecars reach this one by; 0: a free one"),
        Text("dapr-internal-grpc-listen-address", "", "The address other sidecars reach this one by"),
        Text("dapr-public-port", "", "A second port for health and metadata alone"),
        Text("dapr-public-listen-address", "", "The address of the second port"),
        Text("dapr-listen-addresses", "", "Addresses of the Dapr API, separated by commas"),
        Text("allowed-origins", "", "Origins that browsers may call from, separated by commas; *: any"),
        Text("max-body-size", "4Mi", "The largest request body, such as 16Mi"),
        Number("dapr-http-max-request-size", "4", "The largest request body in MB; --max-body-size replaces it"),
        Text("read-buffer-size", "4Ki", "The largest request header, such as 16Ki"),
        Number("dapr-http-read-buffer-size", "4", "The largest request header in KB; --read-buffer-size replaces it"),
        Number("dapr-graceful-shutdown-seconds", "5", "Seconds that a stop may take"),
        Duration("dapr-block-shutdown-duration", "0s", "How long a stop waits for the app to become unhealthy"),
        List("resources-path", "A folder with resources; may be repeated"),
        Text("components-path", "", "The older name of --resources-path"),
        List("config", "A file with a Configuration; may be repeated, later ones win"),
        Text("placement-host-address", "", "Sidecars that name the same address share their actors"),
        List("scheduler-host-address", "Sidecars that name the same address share reminders and jobs"),
        Switch("enable-api-logging", "Log each call of the Dapr API"),
        Text("log-level", "info", "debug, info, warn, error or fatal"),
        Switch("log-as-json", "Log in JSON"),
        Switch("enable-metrics", "Serve metrics", "true"),
        Text("metrics-port", "9090", "The port of the metrics"),
        Text("metrics-listen-address", "0.0.0.0", "The address of the metrics"),
        Switch("version", "Print the version"),
        Switch("build-info", "Print the version with what it was built from"),

        Ignored("wait", FlagKind.Switch), Ignored("mode", FlagKind.Text), Ignored("control-plane-address", FlagKind.Text), Ignored("control-plane-trust-domain", FlagKind.Text),
        Ignored("control-plane-namespace", FlagKind.Text), Ignored("sentry-address", FlagKind.Text), Ignored("sentry-request-jwt-audiences", FlagKind.List),
        Ignored("enable-mtls", FlagKind.Switch), Ignored("enable-profiling", FlagKind.Switch), Ignored("profile-port", FlagKind.Text),
        Ignored("unix-domain-socket", FlagKind.Text), Ignored("disable-builtin-k8s-secret-store", FlagKind.Switch),
        Ignored("scheduler-job-streams", FlagKind.Number), Ignored("actors-disseminate-timeout", FlagKind.Duration),
        Ignored("hot-reload-reconcile-interval", FlagKind.Duration), Ignored("reminders-service", FlagKind.Text), Ignored("actors-service", FlagKind.Text),
    ];

    private static Flag Text(string name, string absent, string usage) => new(name, FlagKind.Text, absent, usage);

    private static Flag Number(string name, string absent, string usage) => new(name, FlagKind.Number, absent, usage);

    private static Flag Switch(string name, string usage, string absent = "false") => new(name, FlagKind.Switch, absent, usage);

    private static Flag Duration(string name, string absent, string usage) => new(name, FlagKind.Duration, absent, usage);

    private static Flag List(string name, string usage) => new(name, FlagKind.List, "", usage);

    private static Flag Ignored(string name, FlagKind kind) => new(name, kind, "", "", IsIgnored: true);
}

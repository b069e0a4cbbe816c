using System.Globalization;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>daprd's flags and environment.</summary>
public static class CommandLine
{
    private static readonly TimeSpan DefaultProbeTimeout = TimeSpan.FromMilliseconds(500);

    /// <exception cref="CommandLineException">There is no sidecar to start: help, version, or a flag that daprd does not have.</exception>
    /// <exception cref="SidecarStartException">The values make no sense.</exception>
    public static SidecarOptions Parse(string[] args, IReadOnlyDictionary<string, string> environment)
    {
        var flags = Flags(args);
        if (flags.Switch("version"))
            throw new CommandLineException(0, SidecarVersion.DaprVersion + "\n", isError: false);

        if (flags.Switch("build-info"))
        {
            var build = typeof(CommandLine).Assembly.GetName().Version;
            throw new CommandLineException(0, $"Version: {SidecarVersion.DaprVersion}\nGit Commit: embedded\nGit Version: daprmesh-{build}\n", isError: false);
        }

        if (flags.Switch("wait"))
            throw new CommandLineException(1, "--wait is not supported: ask GET /v1.0/healthz/outbound of the sidecar instead\n", isError: true);

        var options = Read(flags, environment);
        Check(options);
        return options;
    }

    /// <summary>Tells of flags that daprd heeds and this sidecar does not.</summary>
    public static void LogIgnored(string[] args, ILogger log)
    {
        foreach (var flag in Flags(args).Set.Where(flag => flag.IsIgnored))
        {
            log.LogDebug("The flag --{Flag} has no meaning for the embedded sidecar and is ignored", flag.Name);
        }
    }

    private static FlagSet Flags(string[] args)
    {
        var flags = new FlagSet(DaprdFlags.All);
        flags.Parse(args);
        return flags;
    }

    private static SidecarOptions Read(FlagSet flags, IReadOnlyDictionary<string, string> environment) => new()
    {
        AppId = flags.Text("app-id"),
        AppPort = Port(flags, "app-port"),
        AppChannelAddress = flags.Text("app-channel-address"),
        AppProtocol = Protocol(flags),
        AppMaxConcurrency = flags.Number("app-max-concurrency"),
        EnableAppHealthCheck = flags.Switch("enable-app-health-check"),
        AppHealthCheckPath = flags.Text("app-health-check-path"),
        AppHealthProbeInterval = TimeSpan.FromSeconds(flags.Number("app-health-probe-interval") is > 0 and var seconds ? seconds : 5),
        AppHealthProbeTimeout = flags.Number("app-health-probe-timeout") is > 0 and var milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : DefaultProbeTimeout,
        AppHealthThreshold = flags.Number("app-health-threshold") is > 0 and < int.MaxValue and var threshold ? threshold : 3,
        DisableInitEndpoints = InitEndpoints(flags),
        DaprHttpPort = Port(flags, "dapr-http-port"),
        DaprGrpcPort = Port(flags, "dapr-grpc-port"),
        DaprPublicPort = flags.Text("dapr-public-port").Length > 0 ? Port(flags, "dapr-public-port") : null,
        DaprPublicListenAddress = flags.Text("dapr-public-listen-address"),
        DaprListenAddresses = [.. flags.Text("dapr-listen-addresses").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
        DaprInternalPort = Port(flags, "dapr-internal-grpc-port"),
        DaprInternalListenAddress = flags.Text("dapr-internal-grpc-listen-address") is { Length: > 0 } address ? address : "127.0.0.1",
        MetricsPort = Port(flags, "metrics-port"),
        MetricsListenAddress = flags.Text("metrics-listen-address"),
        EnableMetrics = flags.Switch("enable-metrics"),
        ResourcesPaths = flags.List("resources-path") is { Count: > 0 } paths ? paths
            : flags.Text("components-path") is { Length: > 0 } older ? [older] : [],
        ConfigFiles = flags.List("config"),
        PlacementHostAddress = Address(flags.Text("placement-host-address")),
        SchedulerHostAddress = Schedulers(flags, environment),
        MaxBodySize = Size(flags, "max-body-size", "dapr-http-max-request-size", 20),
        ReadBufferSize = (int)Math.Min(Size(flags, "read-buffer-size", "dapr-http-read-buffer-size", 10), int.MaxValue),
        AllowedOrigins = flags.Text("allowed-origins"),
        GracefulShutdown = TimeSpan.FromSeconds(flags.Number("dapr-graceful-shutdown-seconds") is >= 0 and var grace ? grace : 5),
        BlockShutdown = flags.IsSet("dapr-block-shutdown-duration") ? flags.Duration("dapr-block-shutdown-duration") : null,
        LogLevel = flags.Text("log-level"),
        LogAsJson = flags.Switch("log-as-json"),
        EnableApiLogging = flags.Switch("enable-api-logging"),
        Namespace = environment.GetValueOrDefault("NAMESPACE", ""),
        DaprApiToken = NotEmpty(environment, "DAPR_API_TOKEN"),
        AppApiToken = NotEmpty(environment, "APP_API_TOKEN"),
        Environment = environment,
    };

    private static void Check(SidecarOptions options)
    {
        if (options.AppId.Length == 0)
            throw Fatal("parameter app-id cannot be empty");

        if (options.AppId.Contains('.', StringComparison.Ordinal))
            throw Fatal("parameter app-id cannot contain dots");

        if (options.AppPort != 0 && options.AppPort == options.DaprHttpPort)
            throw Fatal($"the 'dapr-http-port' argument value {options.DaprHttpPort} conflicts with 'app-port'");

        if (options.AppPort != 0 && options.AppPort == options.DaprGrpcPort)
            throw Fatal($"the 'dapr-grpc-port' argument value {options.DaprGrpcPort} conflicts with 'app-port'");

        if (options.AppHealthProbeTimeout > options.AppHealthProbeInterval)
            throw Fatal("value for 'health-probe-timeout' must be smaller than 'health-probe-interval'");
    }

    private static int Port(FlagSet flags, string name)
    {
        var text = flags.Text(name);
        if (text.Length == 0)
            return 0;

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535
            ? port
            : throw Fatal($"error parsing {name} flag: \"{text}\" is not a port");
    }

    private static string Protocol(FlagSet flags)
    {
        var secure = flags.Switch("app-ssl");
        return flags.Text("app-protocol").ToUpperInvariant() switch
        {
            "HTTP" or "" => secure ? "https" : "http",
            "HTTPS" => "https",
            "H2C" => "h2c",
            "GRPC" or "GRPCS" => throw Fatal("an app that speaks gRPC cannot be served by the embedded sidecar, which has the HTTP API only"),
            _ => throw Fatal($"invalid value for 'app-protocol': {flags.Text("app-protocol")}"),
        };
    }

    private static List<string> InitEndpoints(FlagSet flags)
    {
        var endpoints = flags.List("disable-init-endpoints")
            .Select(name => name.Trim().ToUpperInvariant() switch
            {
                "CONFIG" => "config",
                "SUBSCRIBE" => "subscribe",
                "" => "",
                _ => throw Fatal($"invalid value for 'disable-init-endpoints': {name.Trim()}"),
            });
        return [.. endpoints.Where(name => name.Length > 0)];
    }

    /// <summary>Null for nothing but spaces and quotes, which is what a template leaves of a value that is not set.</summary>
    private static string? Address(string text) => text.Trim(' ', '"', '\'') is { Length: > 0 } ? text : null;

    private static string? Schedulers(FlagSet flags, IReadOnlyDictionary<string, string> environment) =>
        flags.List("scheduler-host-address") is { Count: > 0 } addresses ? Address(string.Join(',', addresses))
        : flags.IsSet("scheduler-host-address") ? null
        : NotEmpty(environment, "DAPR_SCHEDULER_HOST_ADDRESS_DNS_A");

    /// <summary>A size in bytes, or by the older flag in units of <paramref name="shift"/> bits. -1 is the default.</summary>
    private static long Size(FlagSet flags, string name, string older, int shift)
    {
        var unit = 1L << shift;
        if (!flags.IsSet(name))
            return flags.Number(older) is > 0 and var count ? count * unit : flags.Number(older) == 0 ? 0 : 4 * unit;

        if (!Quantity.TryParse(flags.Text(name), out var bytes))
            throw Fatal($"invalid value for '{name}' option: \"{flags.Text(name)}\" is not a size");

        return bytes == -1 ? 4 * unit : bytes;
    }

    private static string? NotEmpty(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static SidecarStartException Fatal(string reason) => new(reason);
}

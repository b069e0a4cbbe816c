using System.Globalization;

namespace DaprMesh.Launcher;

/// <summary>The flags of an app's sidecar, the same for one in this process and for one of its own.</summary>
internal static class SidecarFlags
{
    /// <summary>Any one text will do: sidecars that name the same address share actors, and reminders and jobs.</summary>
    private const string SharedAddress = "mesh";

    public static IReadOnlyList<string> Of(RunApp app, int portOffset)
    {
        var settings = app.Settings;
        var flags = new List<string>
        {
            $"--app-id={app.AppId}",
            $"--dapr-http-port={(app.DaprHttpPort > 0 ? app.DaprHttpPort + portOffset : 0)}",
            "--dapr-grpc-port=0",
            "--dapr-listen-addresses=127.0.0.1",
            $"--metrics-port={(app.MetricsPort > 0 ? app.MetricsPort + portOffset : 0)}",
            "--metrics-listen-address=127.0.0.1",
            $"--log-level={settings.LogLevel ?? "warn"}",
            $"--placement-host-address={SharedAddress}",
            $"--scheduler-host-address={SharedAddress}",
        };
        if (app.AppPort > 0)
        {
            flags.Add($"--app-port={app.AppPort + portOffset}");
        }

        flags.AddRange(settings.ResourcesPaths.Select(path => $"--resources-path={path}"));
        Add("--config", settings.ConfigFile);
        Add("--app-protocol", settings.AppProtocol);
        Add("--app-max-concurrency", settings.AppMaxConcurrency?.ToString(CultureInfo.InvariantCulture));
        Add("--enable-app-health-check", settings.EnableAppHealthCheck is true ? "true" : null);
        Add("--app-health-check-path", settings.AppHealthCheckPath);
        Add("--app-health-probe-interval", settings.AppHealthProbeInterval?.ToString(CultureInfo.InvariantCulture));
        Add("--app-health-probe-timeout", settings.AppHealthProbeTimeout?.ToString(CultureInfo.InvariantCulture));
        Add("--app-health-threshold", settings.AppHealthThreshold?.ToString(CultureInfo.InvariantCulture));
        Add("--enable-api-logging", settings.EnableApiLogging is true ? "true" : null);
        Add("--max-body-size", settings.MaxBodySize);
        return flags;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                flags.Add($"{name}={value}");
            }
        }
    }
}

using System.ComponentModel;
using System.Security.Cryptography.X509Certificates;

namespace Prometheus;

/// <summary>Where a metric server listens and what it exports.</summary>
public sealed class KestrelMetricServerOptions
{
    /// <summary>"+" listens on all addresses.</summary>
    public string Hostname { get; set; } = "+";

    public ushort Port { get; set; }

    public string Url { get; set; } = "/metrics";

    public X509Certificate2? TlsCertificate { get; set; }

    [EditorBrowsable(EditorBrowsableState.Never)]
    public CollectorRegistry? Registry { get; set; }

    public Action<MetricServerMiddleware.Settings>? ConfigureExporter { get; set; }

    internal HostMetrics? Host { get; set; }
}

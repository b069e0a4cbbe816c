namespace Prometheus;

/// <summary>Which of the built-in metrics to leave out.</summary>
public sealed class SuppressDefaultMetricOptions
{
    internal static readonly SuppressDefaultMetricOptions None = new();

    internal static readonly SuppressDefaultMetricOptions All = new()
    {
        SuppressProcessMetrics = true,
        SuppressDebugMetrics = true,
        SuppressEventCounters = true,
        SuppressMeters = true,
    };

    public bool SuppressProcessMetrics { get; set; }

    public bool SuppressDebugMetrics { get; set; }

    /// <summary>Without effect: event counters are not exported, since .NET's meters carry the same figures.</summary>
    public bool SuppressEventCounters { get; set; }

    public bool SuppressMeters { get; set; }
}

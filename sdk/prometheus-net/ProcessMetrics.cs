using System.Diagnostics.Metrics;

namespace Prometheus;

/// <summary>What the default registry adds to itself at its first export.</summary>
internal static class ProcessMetrics
{
    // Metrics' settings are static in the package that this mirrors: one process, one default registry.
    public static SuppressDefaultMetricOptions Suppressed { get; set; } = SuppressDefaultMetricOptions.None;

    public static Action<MeterAdapterOptions>? ConfigureMeterAdapter { get; set; }

    public static void AddTo(CollectorRegistry registry)
    {
        if (!Suppressed.SuppressProcessMetrics)
            DotNetStats.Register(registry);
        if (!Suppressed.SuppressDebugMetrics)
            RegistryMetrics.Register(registry);
        // Meters of a host's IMeterFactory belong to that host's registry.
        StartMeters(registry, static instrument => instrument.Meter.Scope is not IMeterFactory);
    }

    /// <summary>Exports the chosen meters as <see cref="Metrics.ConfigureMeterAdapter"/> says, unless meters are suppressed.</summary>
    public static IDisposable? StartMeters(CollectorRegistry registry, Func<Instrument, bool> belongs)
    {
        if (Suppressed.SuppressMeters)
            return null;
        var options = new MeterAdapterOptions { Registry = registry };
        ConfigureMeterAdapter?.Invoke(options);
        var wanted = options.InstrumentFilterPredicate;
        options.InstrumentFilterPredicate = instrument => belongs(instrument) && wanted(instrument);
        return MeterAdapter.StartListening(options);
    }
}

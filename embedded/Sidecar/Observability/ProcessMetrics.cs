using Prometheus;

namespace DaprMesh.Sidecar.Observability;

/// <summary>The process as a whole, beside daprd's own metrics. Sidecars of one process all tell the same.</summary>
internal static class ProcessMetrics
{
    public static void AddTo(CollectorRegistry registry)
    {
        DotNetStats.Register(registry);

        // The name by which daprd and every other Go program tells it.
        var resident = Metrics.WithCustomRegistry(registry).CreateGauge("process_resident_memory_bytes", "Resident memory size in bytes.");
        registry.AddBeforeCollectCallback(() => resident.Set(Environment.WorkingSet));
    }
}

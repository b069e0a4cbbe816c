namespace Prometheus;

/// <summary>How much a registry holds.</summary>
internal static class RegistryMetrics
{
    public static void Register(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        string[] labels = ["metric_type"];
        var families = factory.CreateGauge("prometheus_net_metric_families", "Number of metric families in the registry.", labels);
        var instances = factory.CreateGauge("prometheus_net_metric_instances", "Number of metric instances in the registry.", labels);
        var timeseries = factory.CreateGauge("prometheus_net_metric_timeseries", "Number of time series in the registry.", labels);

        registry.AddBeforeCollectCallback(() =>
        {
            foreach (var type in Enum.GetValues<MetricType>())
            {
                int familyCount = 0, instanceCount = 0, seriesCount = 0;
                foreach (var family in registry.Families)
                {
                    if (family.Type != type)
                        continue;
                    familyCount++;
                    foreach (var collector in family.Collectors)
                    {
                        instanceCount += collector.ChildCount;
                        seriesCount += collector.TimeseriesCount;
                    }
                }

                var label = type switch
                {
                    MetricType.Counter => "counter",
                    MetricType.Gauge => "gauge",
                    MetricType.Histogram => "histogram",
                    _ => "summary",
                };
                families.WithLabels([label]).Set(familyCount);
                instances.WithLabels([label]).Set(instanceCount);
                timeseries.WithLabels([label]).Set(seriesCount);
            }
        });
    }
}

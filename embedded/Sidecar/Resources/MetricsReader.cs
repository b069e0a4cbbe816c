namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads <c>metrics</c> and its older name <c>metric</c>; what stands in the former wins.</summary>
internal static class MetricsReader
{
    public static MetricsSpec Read(Fields? metric, Fields? metrics)
    {
        var http = metrics?.Map("http") ?? metric?.Map("http");
        return new MetricsSpec
        {
            Enabled = metrics?.Flag("enabled") ?? metric?.Flag("enabled") ?? true,
            RecordErrorCodes = metrics?.Flag("recordErrorCodes") ?? metric?.Flag("recordErrorCodes") ?? false,
            IncreasedCardinality = http?.Flag("increasedCardinality"),
            PathMatching = http?.TextList("pathMatching") ?? [],
            ExcludeVerbs = http?.Flag("excludeVerbs") ?? false,
            LatencyDistributionBuckets = First(metrics, metric, spec => spec.NumberList("latencyDistributionBuckets")),
            Rules = First(metrics, metric, spec => spec.List("rules", Rule)),
        };
    }

    private static IReadOnlyList<T> First<T>(Fields? metrics, Fields? metric, Func<Fields, IReadOnlyList<T>> read) =>
        metrics is not null && read(metrics) is { Count: > 0 } list ? list : metric is null ? [] : read(metric);

    private static MetricRule Rule(Fields rule) =>
        new(rule.Text("name") ?? "", rule.List("labels", label => new MetricLabelRule(label.Text("name") ?? "", label.Texts("regex"))));
}

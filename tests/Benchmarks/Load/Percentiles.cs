namespace DaprMesh.Benchmarks.Load;

/// <summary>Percentiles of latencies in microseconds, as milliseconds.</summary>
internal static class Percentiles
{
    public static double Of(IReadOnlyList<int> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Min((int)(sorted.Count * share), sorted.Count - 1)] / 1000.0;
}

using System.Diagnostics;

namespace DaprMesh.Benchmarks.Calibration;

/// <summary>Callers in this process, each with one call under way.</summary>
internal static class Callers
{
    public const double MeasuredSeconds = 1.5;

    public static async Task<double> PerSecondAsync(int callers, Func<int, Task> call, CancellationToken ct)
    {
        await RunAsync(callers, call, seconds: 0.5, ct);
        var started = Stopwatch.GetTimestamp();
        var count = await RunAsync(callers, call, MeasuredSeconds, ct);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<int> RunAsync(int callers, Func<int, Task> call, double seconds, CancellationToken ct)
    {
        var next = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(
            async () =>
            {
                while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
                {
                    await call(Interlocked.Increment(ref next));
                }
            }, ct)));
        return next;
    }
}

using System.Diagnostics;
using DaprMesh.Benchmarks.Calibration;
using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Mesh;

namespace DaprMesh.Benchmarks.Measures;

/// <summary><c>POST /v1.0/publish/pubsub/orders</c>, each message delivered to two apps and acknowledged by both.</summary>
internal static class Publish
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, Ceilings ceilings, CancellationToken ct)
    {
        await using var mesh = BenchMesh.Create(folder);
        await mesh.StartAsync("subscriber-1", "subscriber", ct);
        await mesh.StartAsync("subscriber-2", "subscriber", ct);
        var (_, sidecar) = await mesh.StartAsync("publisher", role: null, ct);
        var plan = new LoadPlan(sidecar, "POST", "/v1.0/publish/pubsub/orders", """{"order":"order-{key}","sent":"{time}"}""");

        var load = await LoadProcess.RunAsync(plan, ct);
        var backlog = (load.Sent * 2) - mesh.Deliveries.Count;
        var ended = Stopwatch.GetTimestamp();
        await DrainAsync(mesh.Deliveries, load.Sent * 2, ct);
        var rate = load.Requests / (load.Seconds + (backlog > 0 ? Stopwatch.GetElapsedTime(ended).TotalSeconds : 0));
        var (p50, p99) = mesh.Deliveries.Latency();

        mesh.Deliveries.Restart();
        var before = mesh.Deliveries.Count;
        var light = await LoadProcess.RunAsync(plan with { Connections = 2, Seconds = 1.5 }, ct);
        await DrainAsync(mesh.Deliveries, before + (light.Sent * 2), ct);
        var (lightP50, lightP99) = mesh.Deliveries.Latency();
        return
        [
            Figure.AtLeast("publish with two deliveries", rate / ceilings.DurableHttp, 0.45,
                $"{Figure.PerSecond(rate)}, {Figure.Milliseconds(load.P50, load.P99)}; {backlog} deliveries behind at the end"),
            Figure.Plain("published to delivered, 64 publishers", Figure.Milliseconds(p50, p99)),
            Figure.AtMost("published to delivered, 2 publishers, p50", lightP50, 0.5, "ms", $"{Figure.Milliseconds(lightP50, lightP99)} at {Figure.PerSecond(light.PerSecond)}"),
            Figure.AtMost("published to delivered, 2 publishers, p99", lightP99, 5, "ms"),
        ];
    }

    private static async Task DrainAsync(Deliveries deliveries, long expected, CancellationToken ct)
    {
        for (var started = Stopwatch.GetTimestamp(); deliveries.Count < expected && Stopwatch.GetElapsedTime(started) < Patience;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, ct);
        }

        if (deliveries.Count < expected)
        {
            throw new InvalidOperationException($"{expected - deliveries.Count} of {expected} deliveries are missing.");
        }
    }
}

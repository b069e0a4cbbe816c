using DaprMesh.Benchmarks.Calibration;
using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Mesh;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>A call of an actor method that saves the actor's state before it answers.</summary>
internal static class ActorCalls
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, Ceilings ceilings, CancellationToken ct)
    {
        await using var mesh = BenchMesh.Create(folder);
        var (_, sidecar) = await mesh.StartAsync("counters", "actors", ct);
        var load = await LoadProcess.RunAsync(new LoadPlan(sidecar, "PUT", "/v1.0/actors/Counter/{key}/method/increment", "{}") { Keys = 1024 }, ct);
        return
        [
            Figure.AtLeast("durable actor call", load.PerSecond / ceilings.DurableHttp, 0.40, $"{Figure.PerSecond(load.PerSecond)}, {Figure.Milliseconds(load.P50, load.P99)}"),
        ];
    }
}

using DaprMesh.Benchmarks.Calibration;
using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Mesh;

namespace DaprMesh.Benchmarks.Measures;

/// <summary><c>POST /v1.0/state/statestore</c>, answered when the value is on disk.</summary>
internal static class StateSave
{
    public const string Value = """{"customer":"c-1","lines":[{"product":"p-17","quantity":2,"price":"12.50"}],"status":"placed"}""";

    public const string Body = $$"""[{"key":"order-{key}","value":{{Value}}}]""";

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, Ceilings ceilings, CancellationToken ct)
    {
        await using var mesh = BenchMesh.Create(folder);
        var (_, sidecar) = await mesh.StartAsync("orders", role: null, ct);
        var load = await LoadProcess.RunAsync(new LoadPlan(sidecar, "POST", "/v1.0/state/statestore", Body), ct);
        return
        [
            Figure.AtLeast("durable state save", load.PerSecond / ceilings.DurableHttp, 0.40, $"{Figure.PerSecond(load.PerSecond)}, {Figure.Milliseconds(load.P50, load.P99)}"),
            Figure.AtMost("durable state save, p99", load.P99, 25, "ms"),
        ];
    }
}

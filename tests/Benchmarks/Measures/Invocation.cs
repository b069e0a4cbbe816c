using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Mesh;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>A call from app to sidecar to sidecar to app, by dispatch, over loopback TCP, and the called app on its own.</summary>
internal static class Invocation
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, CancellationToken ct)
    {
        await using var mesh = BenchMesh.Create(folder);
        var (target, _) = await mesh.StartAsync("target", "target", ct);
        var (caller, sidecar) = await mesh.StartAsync("caller", "caller", ct);
        var body = System.Text.Encoding.UTF8.GetString(BenchApps.Hello);

        var direct = await LoadProcess.RunAsync(new LoadPlan(target, "POST", "/echo", body), ct);
        var dispatched = await LoadProcess.RunAsync(new LoadPlan(caller, "POST", "/call", body), ct);
        var fromSidecar = await LoadProcess.RunAsync(new LoadPlan(sidecar, "POST", "/v1.0/invoke/target/method/echo", body), ct);
        mesh.Dispatch = false;
        var sockets = await LoadProcess.RunAsync(new LoadPlan(caller, "POST", "/call", body), ct);
        return
        [
            Figure.AtLeast("invocation by dispatch, of direct Kestrel", dispatched.PerSecond / direct.PerSecond, 0.55,
                $"{Figure.PerSecond(dispatched.PerSecond)} of {Figure.PerSecond(direct.PerSecond)}, {Figure.Milliseconds(dispatched.P50, dispatched.P99)}"),
            Figure.AtLeast("invocation by dispatch, over loopback TCP", dispatched.PerSecond / sockets.PerSecond, 3, $"{Figure.PerSecond(sockets.PerSecond)} over TCP"),
            Figure.Plain("invocation, the caller outside the process", $"{Figure.PerSecond(fromSidecar.PerSecond)}, {Figure.Milliseconds(fromSidecar.P50, fromSidecar.P99)}"),
        ];
    }
}

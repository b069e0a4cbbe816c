using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Mesh;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>A call from app to sidecar to sidecar to app, by dispatch, over loopback TCP, and the called app on its own.</summary>
internal static class Invocation
{
    private const int Rounds = 2;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, CancellationToken ct)
    {
        await using var mesh = BenchMesh.Create(folder);
        var (target, _) = await mesh.StartAsync("target", "target", ct);
        var (caller, sidecar) = await mesh.StartAsync("caller", "caller", ct);
        var body = System.Text.Encoding.UTF8.GetString(BenchApps.Hello);

        var direct = new List<LoadResult>();
        var dispatched = new List<LoadResult>();
        var fromSidecar = new List<LoadResult>();
        var sockets = new List<LoadResult>();
        for (var round = 0; round < Rounds; round++)
        {
            direct.Add(await LoadProcess.RunAsync(new LoadPlan(target, "POST", "/echo", body), ct));
            dispatched.Add(await LoadProcess.RunAsync(new LoadPlan(caller, "POST", "/call", body), ct));
            fromSidecar.Add(await LoadProcess.RunAsync(new LoadPlan(sidecar, "POST", "/v1.0/invoke/target/method/echo", body), ct));
            mesh.Dispatch = false;
            sockets.Add(await LoadProcess.RunAsync(new LoadPlan(caller, "POST", "/call", body), ct));
            mesh.Dispatch = true;
        }

        return Figures(Best(direct), Best(dispatched), Best(fromSidecar), Best(sockets));
    }

    /// <summary>Of several, because a busy moment falls on one of them and not on the others.</summary>
    private static LoadResult Best(IEnumerable<LoadResult> results) => results.MaxBy(result => result.PerSecond)!; // there are Rounds of them

    private static IReadOnlyList<Figure> Figures(LoadResult direct, LoadResult dispatched, LoadResult fromSidecar, LoadResult sockets) =>
    [
        Figure.AtLeast("invocation by dispatch, of direct Kestrel", dispatched.PerSecond / direct.PerSecond, 0.55,
            $"{Figure.PerSecond(dispatched.PerSecond)} of {Figure.PerSecond(direct.PerSecond)}, {Figure.Milliseconds(dispatched.P50, dispatched.P99)}"),
        Figure.AtLeast("invocation by dispatch, over loopback TCP", dispatched.PerSecond / sockets.PerSecond, 3, $"{Figure.PerSecond(sockets.PerSecond)} over TCP"),
        Figure.Plain("invocation, the caller outside the process", $"{Figure.PerSecond(fromSidecar.PerSecond)}, {Figure.Milliseconds(fromSidecar.P50, fromSidecar.P99)}"),
    ];
}

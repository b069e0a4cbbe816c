using System.Globalization;
using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Mesh;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>
/// <c>StateStore.CreateAsync</c> of a document with two indexes and an event, all published, against plain saves of as much JSON through the sidecar's HTTP API: 64
/// callers each.
/// </summary>
internal static class Documents
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, CancellationToken ct)
    {
        var one = await MeasureAsync(folder, "documents", ct);
        var four = await MeasureAsync(folder, "documents-sharded", ct);
        return
        [
            Figure.AtLeast("create with two indexes and an event", one.Documents / one.Http, 0.3,
                $"{Figure.PerSecond(one.Documents)} against {Figure.PerSecond(one.Http)} plain saves over HTTP"),
            Figure.Plain("the same in four shards", $"{Figure.PerSecond(four.Documents)} against {Figure.PerSecond(four.Http)}"),
            Figure.Plain("plain saves from within the process, by dispatch", $"{Figure.PerSecond(one.Dispatched)}"),
        ];
    }

    private static async Task<(double Http, double Dispatched, double Documents)> MeasureAsync(string folder, string role, CancellationToken ct)
    {
        await using var mesh = BenchMesh.Create(Directory.CreateDirectory(Path.Combine(folder, role)).FullName);
        var (app, sidecar) = await mesh.StartAsync(role, role, ct);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{app}") };
        await RateAsync(client, "/documents", ct); // once with cold code
        var http = await LoadProcess.RunAsync(new LoadPlan(sidecar, "POST", "/v1.0/state/statestore", StateSave.Body), ct);
        var documents = await RateAsync(client, "/documents", ct);
        return (http.PerSecond, await RateAsync(client, "/plain", ct), documents);
    }

    private static async Task<double> RateAsync(HttpClient client, string path, CancellationToken ct) =>
        double.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative), ct), CultureInfo.InvariantCulture);
}

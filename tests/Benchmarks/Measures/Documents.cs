using System.Globalization;
using DaprMesh.Benchmarks.Calibration;
using DaprMesh.Benchmarks.Mesh;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>
/// <c>StateStore.CreateAsync</c> of a document with two indexes and an event, published, against plain saves of as much JSON: both by 64 callers of one app through
/// its sidecar's HTTP API.
/// </summary>
internal static class Documents
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, CancellationToken ct)
    {
        var (plain, one) = await MeasureAsync(folder, "documents", ct);
        var (plainBeside, four) = await MeasureAsync(folder, "documents-sharded", ct);
        return
        [
            Figure.AtLeast("create with two indexes and an event", one / plain, 0.3, $"{Figure.PerSecond(one)} against {Figure.PerSecond(plain)} plain saves"),
            Figure.AtLeast("the same in four shards", four / plainBeside, 0.3, $"{Figure.PerSecond(four)} against {Figure.PerSecond(plainBeside)} plain saves"),
        ];
    }

    private static async Task<(double Plain, double Documents)> MeasureAsync(string folder, string role, CancellationToken ct)
    {
        await using var mesh = BenchMesh.Create(Directory.CreateDirectory(Path.Combine(folder, role)).FullName);
        var (app, _) = await mesh.StartAsync(role, role, ct);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{app}") };
        var (plain, documents) = (0.0, 0.0);
        for (var round = 0; round < 2; round++) // the second time with warm code
        {
            plain = await RateAsync(client, "/plain", ct);
            documents = await RateAsync(client, "/documents", ct);
        }

        return (plain, documents);
    }

    private static async Task<double> RateAsync(HttpClient client, string path, CancellationToken ct) =>
        double.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative), ct), CultureInfo.InvariantCulture);
}

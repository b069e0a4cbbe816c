using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Measures;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Benchmarks.Calibration;

/// <summary>What this machine can do at most, measured in the same run as everything that is held against it.</summary>
internal sealed record Ceilings(double Kestrel, double DiskSync, double Commits64, double Commits1, double DurableHttp)
{
    public static async Task<Ceilings> MeasureAsync(string folder, CancellationToken ct)
    {
        double kestrel;
        await using (var server = await PlainServer.StartAsync(Mesh.BenchApps.Answer, ct))
        {
            kestrel = (await LoadProcess.RunAsync(new LoadPlan(server.Port, "GET", "/"), ct)).PerSecond;
        }

        var sync = Calibration.DiskSync.PerSecond(folder, seconds: 1);
        using var commits = new PlainCommits(Path.Combine(folder, "ceiling.db"));
        var value = System.Text.Encoding.UTF8.GetBytes(StateSave.Value);
        var keys = Enumerable.Range(0, 8192).Select(i => System.Text.Encoding.UTF8.GetBytes($"order-{i:D6}")).ToArray();
        var many = await Callers.PerSecondAsync(64, i => commits.WriteAsync(keys[i % keys.Length], value), ct);
        var one = await Callers.PerSecondAsync(1, i => commits.WriteAsync(keys[i % keys.Length], value), ct);

        var next = 0;
        await using var durable = await PlainServer.StartAsync(
            async http =>
            {
                await commits.WriteAsync(keys[Interlocked.Increment(ref next) & 8191], await PlainServer.ReadAsync(http));
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }, ct);
        // The better of two: a ceiling that a busy moment has lowered would flatter everything below it.
        var plan = new LoadPlan(durable.Port, "POST", "/", StateSave.Body);
        var first = await LoadProcess.RunAsync(plan, ct);
        var second = await LoadProcess.RunAsync(plan, ct);
        return new Ceilings(kestrel, sync, many, one, Math.Max(first.PerSecond, second.PerSecond));
    }

    public IEnumerable<Figure> Figures() =>
    [
        Figure.Plain("Kestrel, a JSON answer", Figure.PerSecond(Kestrel)),
        Figure.Plain("fdatasync", Figure.PerSecond(DiskSync)),
        Figure.Plain("SQLite group commit, 64 callers", Figure.PerSecond(Commits64)),
        Figure.Plain("SQLite commit, 1 caller", Figure.PerSecond(Commits1)),
        Figure.Plain("group commit behind Kestrel", Figure.PerSecond(DurableHttp)),
    ];
}

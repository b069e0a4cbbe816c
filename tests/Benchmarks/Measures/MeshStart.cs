using System.Diagnostics;
using System.Reflection;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>The built launcher with every service of the repository: how long until all are ready, and the memory it then holds.</summary>
internal static class MeshStart
{
    private const int PortOffset = 21000;
    private const int Rounds = 3;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, CancellationToken ct)
    {
        var best = TimeSpan.MaxValue;
        var memory = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var (ready, idle) = await StartAsync(folder, round == Rounds - 1, ct);
            best = ready < best ? ready : best;
            memory = idle;
        }

        return
        [
            Figure.AtMost("built Mesh, every service ready", best.TotalSeconds, 0.8, "s", $"best of {Rounds} starts"),
            Figure.AtMost("built Mesh, resident memory when idle", memory, 120, "MiB"),
        ];
    }

    private static async Task<(TimeSpan Ready, double Memory)> StartAsync(string folder, bool idle, CancellationToken ct)
    {
        var start = new ProcessStartInfo(Setting("MeshProgram") + (OperatingSystem.IsWindows() ? ".exe" : "")) { RedirectStandardOutput = true };
        foreach (var argument in new[]
                 {
                     "--run-file", Path.Combine(Setting("RepositoryFolder"), "dapr.yaml"), "--data", Path.Combine(folder, "mesh"), "--port-offset", $"{PortOffset}",
                 })
        {
            start.ArgumentList.Add(argument);
        }

        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            TimeSpan? ready = null;
            while (ready is null && await process.StandardOutput.ReadLineAsync(ct) is { } line)
            {
                // The table of services is printed when all of them are ready.
                if (line.Contains("Ctrl-C stops the mesh", StringComparison.Ordinal))
                {
                    ready = Stopwatch.GetElapsedTime(started);
                }
            }

            var rest = process.StandardOutput.ReadToEndAsync(ct);
            if (idle && ready is not null)
            {
                await Task.Delay(Idle, TimeProvider.System, ct);
            }

            process.Refresh();
            var memory = process.HasExited ? 0 : process.WorkingSet64 / 1024.0 / 1024.0;
            process.Kill();
            await rest;
            return (ready ?? throw new InvalidOperationException("The mesh did not start."), memory);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Setting(string key) =>
        typeof(MeshStart).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}

using System.Diagnostics;
using System.Runtime;
using System.Text.Json;

namespace DaprMesh.Benchmarks.Load;

/// <summary>This program once more, as the load generator: what is measured shares no thread, no heap and no garbage collector with it.</summary>
internal static class LoadProcess
{
    private const int MaxWarmUps = 10;

    /// <summary>Less of a second than this is spent on compiling when a program has warmed up.</summary>
    private static readonly TimeSpan Compiled = TimeSpan.FromMilliseconds(30);

    /// <summary>Sends what the plan says, and measures when the program has warmed up: on a busy machine that takes longer than a fixed time.</summary>
    public static async Task<LoadResult> RunAsync(LoadPlan plan, CancellationToken ct)
    {
        var warmUp = plan with { WarmUpSeconds = 0, Seconds = 1 };
        var sent = 0L;
        for (var rounds = 0; rounds < MaxWarmUps; rounds++)
        {
            var before = JitInfo.GetCompilationTime();
            sent += (await SendAsync(warmUp, ct)).Sent;
            if (JitInfo.GetCompilationTime() - before < Compiled)
            {
                break;
            }
        }

        var result = await SendAsync(plan, ct);
        return result with { Sent = result.Sent + sent };
    }

    private static async Task<LoadResult> SendAsync(LoadPlan plan, CancellationToken ct)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(LoadProcess).Assembly.Location);
        }

        start.ArgumentList.Add(LoadGenerator.Argument);
        start.ArgumentList.Add(JsonSerializer.Serialize(plan));
        using var process = Process.Start(start)!;
        try
        {
            var answer = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            var result = JsonSerializer.Deserialize<LoadResult>(answer)!;
            return result.Error is null ? result : throw new InvalidOperationException($"{plan.Method} {plan.Path}: {result.Error}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}

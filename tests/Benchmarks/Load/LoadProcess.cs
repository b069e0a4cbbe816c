using System.Diagnostics;
using System.Text.Json;

namespace DaprMesh.Benchmarks.Load;

/// <summary>This program once more, as the load generator: what is measured shares no thread, no heap and no garbage collector with it.</summary>
internal static class LoadProcess
{
    public static async Task<LoadResult> RunAsync(LoadPlan plan, CancellationToken ct)
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

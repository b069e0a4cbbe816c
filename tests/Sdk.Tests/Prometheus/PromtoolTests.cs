using System.Diagnostics;
using DaprMesh.Programs;
using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed class PromtoolTests
{
    [Fact]
    public async Task Prometheus_own_checker_accepts_the_export()
    {
        var promtool = RequiredTool.Find("promtool", "prometheus");
        var ct = TestContext.Current.CancellationToken;
        var registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        var metrics = Metrics.WithCustomRegistry(registry);
        metrics.CreateCounter("orders_total", "A \\ and \n a line.", "shop").WithLabels("a\"b\\c\nd").Inc();
        metrics.CreateHistogram("wait_seconds", "Waits.").Observe(0.3);
        metrics.CreateSummary("size_bytes", "Sizes.", new SummaryConfiguration { Objectives = [new(0.9, 0.01)] });
        metrics.CreateGauge("temperature_celsius", "Odd values.", "place").WithLabels("sun").Set(double.PositiveInfinity);

        using var process = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        Assert.NotNull(process);
        await registry.CollectAndExportAsTextAsync(process.StandardInput.BaseStream, ct);
        process.StandardInput.Close();
        var said = await process.StandardError.ReadToEndAsync(ct) + await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);

        // 1 is a text that can't be read; 3 is advice on names, which the mirrored package's own names don't all follow.
        Assert.True(process.ExitCode is 0 or 3, said);
    }
}

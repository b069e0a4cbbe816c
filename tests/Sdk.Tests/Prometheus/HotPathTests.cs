using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed class HotPathTests
{
    private readonly MetricFactory _metrics = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());

    [Fact]
    public void Measuring_allocates_nothing()
    {
        var counter = _metrics.CreateCounter("c", "", "method", "path");
        var histogram = _metrics.CreateHistogram("h", "", "method", "path");
        Measure();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Measure();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Measure()
        {
            counter.WithLabels(["GET", "/orders"]).Inc();
            histogram.WithLabels(["GET", "/orders"]).Observe(0.25);
        }
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_threads_measure()
    {
        var counter = _metrics.CreateCounter("c", "", "n");
        var histogram = _metrics.CreateHistogram("h", "");
        var summary = _metrics.CreateSummary("s", "");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (var i = 0; i < 20_000; i++)
                {
                    counter.WithLabels([i % 2 == 0 ? "even" : "odd"]).Inc(0.5);
                    histogram.Observe(1);
                    summary.Observe(1);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(20_000, counter.WithLabels("even").Value);
        Assert.Equal(20_000, counter.WithLabels("odd").Value);
        Assert.Equal(80_000, histogram.Count);
        Assert.Equal(80_000, histogram.Sum);
    }
}

using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed class MetricRulesTests
{
    private readonly MetricFactory _metrics = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a:b")]
    [InlineData("a-b")]
    [InlineData("ä")]
    public void A_metric_name_is_made_of_letters_digits_and_underscores(string name) =>
        Assert.Throws<ArgumentException>(() => _metrics.CreateCounter(name, ""));

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a.b")]
    [InlineData("__reserved")]
    public void A_label_name_follows_the_same_rule_and_does_not_start_with_two_underscores(string label) =>
        Assert.Throws<ArgumentException>(() => _metrics.CreateCounter("c", "", label));

    [Fact]
    public void The_labels_of_buckets_and_quantiles_are_reserved()
    {
        Assert.Throws<ArgumentException>(() => _metrics.CreateHistogram("h", "", "le"));
        Assert.Throws<ArgumentException>(() => _metrics.CreateSummary("s", "", "quantile"));
    }

    [Fact]
    public void A_label_stands_once()
    {
        Assert.Throws<ArgumentException>(() => _metrics.CreateGauge("g", "", "a", "a"));
        var factory = _metrics.WithLabels(new Dictionary<string, string> { ["app"] = "cart" });
        Assert.Throws<InvalidOperationException>(() => factory.CreateGauge("g", "", ["app"]));
        Assert.Throws<InvalidOperationException>(() => factory.WithLabels(new Dictionary<string, string> { ["app"] = "crm" }));
    }

    [Fact]
    public void The_same_name_and_labels_give_the_same_metric_and_another_type_is_refused()
    {
        var counter = _metrics.CreateCounter("c", "", "a");

        Assert.Same(counter, _metrics.CreateCounter("c", "another text", "a"));
        Assert.NotSame(counter, _metrics.CreateCounter("c", "", "b"));
        Assert.Throws<InvalidOperationException>(() => _metrics.CreateGauge("c", "", "a"));
    }

    [Fact]
    public void A_series_needs_a_value_for_every_label()
    {
        var counter = _metrics.CreateCounter("c", "", "a", "b");

        Assert.Throws<ArgumentException>(() => counter.WithLabels("1"));
        Assert.Throws<ArgumentException>(() => counter.WithLabels("1", "2", "3"));
        Assert.Throws<ArgumentNullException>(() => counter.WithLabels("1", null!));
        Assert.Same(counter.WithLabels("1", "2"), counter.WithLabels((ReadOnlySpan<string>)["1", "2"]));
        Assert.Same(counter.WithLabels("1", "2"), counter.WithLabels(new ReadOnlyMemory<string>(["1", "2"])));
    }

    [Fact]
    public void A_counter_never_falls()
    {
        var counter = _metrics.CreateCounter("c", "");
        counter.IncTo(5);
        counter.IncTo(3);

        Assert.Equal(5, counter.Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Inc(-1));
    }

    [Fact]
    public void A_gauge_goes_both_ways()
    {
        var gauge = _metrics.CreateGauge("g", "");
        gauge.Inc(5);
        gauge.Dec();
        gauge.DecTo(2);
        gauge.DecTo(3);
        Assert.Equal(2, gauge.Value);

        using (gauge.TrackInProgress())
            Assert.Equal(3, gauge.Value);
        Assert.Equal(2, gauge.Value);
    }

    [Fact]
    public async Task Exceptions_are_counted_and_go_on()
    {
        var counter = _metrics.CreateCounter("failures", "");

        Assert.Throws<IOException>(() => counter.CountExceptions(() => throw new IOException()));
        Assert.Throws<IOException>(() => counter.CountExceptions(() => throw new IOException(), failure => failure is ArgumentException));
        await Assert.ThrowsAsync<IOException>(() => counter.CountExceptionsAsync(() => Task.FromException(new IOException())));
        Assert.Equal(7, counter.CountExceptions(() => 7));

        Assert.Equal(2, counter.Value);
    }

    [Fact]
    public void A_timer_observes_when_it_is_disposed()
    {
        var histogram = _metrics.CreateHistogram("h", "");
        var gauge = _metrics.CreateGauge("g", "");

        histogram.NewTimer().Dispose();
        var elapsed = gauge.NewTimer().ObserveDuration();

        Assert.Equal(1, histogram.Count);
        Assert.Equal(elapsed.TotalSeconds, gauge.Value);
    }

    [Fact]
    public void Buckets_are_made_by_steps_factors_and_powers_of_ten()
    {
        Assert.Equal([1, 3, 5], Histogram.LinearBuckets(1, 2, 3));
        Assert.Equal([1, 2, 4], Histogram.ExponentialBuckets(1, 2, 3));
        Assert.Equal([0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10], Histogram.PowersOfTenDividedBuckets(-1, 1, 4));
        Assert.Throws<ArgumentException>(() => _metrics.CreateHistogram("h", "", new HistogramConfiguration { Buckets = [2, 1] }));
    }

    [Fact]
    public void Labels_of_a_registry_are_set_once_and_first()
    {
        var registry = Metrics.NewCustomRegistry();
        registry.SetStaticLabels(new Dictionary<string, string> { ["zone"] = "a" });
        Assert.Throws<InvalidOperationException>(() => registry.SetStaticLabels(new Dictionary<string, string> { ["b"] = "c" }));

        var used = Metrics.NewCustomRegistry();
        Metrics.WithCustomRegistry(used).CreateCounter("c", "");
        Assert.Throws<InvalidOperationException>(() => used.SetStaticLabels(new Dictionary<string, string> { ["zone"] = "a" }));
    }
}

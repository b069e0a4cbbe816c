using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed class TextFormatTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly MetricFactory _metrics;

    public TextFormatTests() => _metrics = Metrics.WithCustomRegistry(_registry);

    [Fact]
    public async Task A_counter_without_labels_is_exported_from_its_creation_on()
    {
        _metrics.CreateCounter("orders_total", "Orders placed.");

        Assert.Equal("# HELP orders_total Orders placed.\n# TYPE orders_total counter\norders_total 0\n", await _registry.TextAsync());
    }

    [Fact]
    public async Task A_metric_with_labels_appears_with_its_first_series_and_keeps_the_order_of_its_labels()
    {
        var stock = _metrics.CreateGauge("stock", "Pieces.", "shop", "article");
        Assert.Equal("", await _registry.TextAsync());

        stock.WithLabels("north", "cup").Set(2.5);

        Assert.Equal("# HELP stock Pieces.\n# TYPE stock gauge\nstock{shop=\"north\",article=\"cup\"} 2.5\n", await _registry.TextAsync());
    }

    [Fact]
    public async Task A_series_told_to_wait_appears_with_its_first_value()
    {
        var waiting = _metrics.CreateGauge("waiting", "Later.", new GaugeConfiguration { SuppressInitialValue = true });
        Assert.Equal("", await _registry.TextAsync());

        waiting.Set(0);
        Assert.EndsWith("\nwaiting 0\n", await _registry.TextAsync(), StringComparison.Ordinal);

        waiting.Unpublish();
        Assert.Equal("", await _registry.TextAsync());
    }

    [Fact]
    public async Task Backslashes_quotes_and_line_ends_are_escaped_in_labels_and_help_texts()
    {
        _metrics.CreateGauge("odd", "A \\ and \"b\"\nand c", "text").WithLabels("a\\b\"c\nd – ü").Set(1);

        Assert.Equal(
            "# HELP odd A \\\\ and \"b\"\\nand c\n# TYPE odd gauge\nodd{text=\"a\\\\b\\\"c\\nd – ü\"} 1\n", await _registry.TextAsync());
        Assert.Contains("# HELP odd A \\\\ and \\\"b\\\"\\nand c\n", await _registry.TextAsync(ExpositionFormat.OpenMetricsText), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(0.1, "0.1")]
    [InlineData(-3, "-3")]
    [InlineData(123456789, "123456789")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e-9, "1.5e-09")]
    public async Task Numbers_are_written_as_Prometheus_reads_them(double value, string text)
    {
        _metrics.CreateGauge("number", "").Set(value);

        Assert.EndsWith($"\nnumber {text}\n", await _registry.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_histogram_exports_sum_count_and_rising_buckets()
    {
        var seconds = _metrics.CreateHistogram("wait_seconds", "Waits.", ["queue"], new HistogramConfiguration { Buckets = [0.5, 1] });
        seconds.WithLabels("a").Observe(0.5);
        seconds.WithLabels("a").Observe(0.75, 2);
        seconds.WithLabels("a").Observe(7);
        seconds.WithLabels("a").Observe(double.NaN);

        Assert.Equal(
            """
            # HELP wait_seconds Waits.
            # TYPE wait_seconds histogram
            wait_seconds_sum{queue="a"} 9
            wait_seconds_count{queue="a"} 4
            wait_seconds_bucket{queue="a",le="0.5"} 1
            wait_seconds_bucket{queue="a",le="1"} 3
            wait_seconds_bucket{queue="a",le="+Inf"} 4

            """,
            await _registry.TextAsync());
    }

    [Fact]
    public async Task Static_labels_of_the_registry_and_the_factory_follow_the_metrics_own()
    {
        _registry.SetStaticLabels(new Dictionary<string, string> { ["zone"] = "b" });
        var factory = _metrics.WithLabels(new Dictionary<string, string> { ["app"] = "cart" });
        factory.CreateCounter("hits", "", ["path"]).WithLabels("/").Inc(3);
        factory.CreateCounter("misses", "", []).Inc();

        var text = await _registry.TextAsync();

        Assert.Contains("hits{path=\"/\",app=\"cart\",zone=\"b\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("misses{app=\"cart\",zone=\"b\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_of_one_name_are_declared_once()
    {
        _metrics.CreateCounter("calls", "First.", "a").WithLabels("1").Inc();
        _metrics.CreateGauge("other", "").Set(1);
        _metrics.CreateCounter("calls", "Second.", "b").WithLabels("2").Inc();

        Assert.StartsWith(
            "# HELP calls First.\n# TYPE calls counter\ncalls{a=\"1\"} 1\ncalls{b=\"2\"} 1\n# HELP other",
            await _registry.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callback_before_the_export_may_fail_without_spoiling_the_rest()
    {
        var gauge = _metrics.CreateGauge("fresh", "");
        _registry.AddBeforeCollectCallback(() => throw new IOException("gone"));
        _registry.AddBeforeCollectCallback(_ =>
        {
            gauge.Set(7);
            return Task.CompletedTask;
        });

        Assert.Contains("\nfresh 7\n", await _registry.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_series_leaves_the_export()
    {
        var gauge = _metrics.CreateGauge("rooms", "", "name");
        gauge.WithLabels("a").Set(1);
        gauge.WithLabels("b").Set(1);
        gauge.RemoveLabelled("a");
        gauge.WithLabels("b").Remove();

        Assert.Equal("", await _registry.TextAsync());
        Assert.Empty(gauge.GetAllLabelValues());
    }

    [Fact]
    public async Task A_large_export_is_complete()
    {
        var gauge = _metrics.CreateGauge("many", "", "n");
        for (var i = 0; i < 5_000; i++)
            gauge.WithLabels($"series {i} with a name of some length").Set(i);
        _metrics.CreateGauge("last", "").Set(1);

        var lines = (await _registry.TextAsync()).Split('\n');

        Assert.Equal(5_000, lines.Count(line => line.StartsWith("many{", StringComparison.Ordinal)));
        Assert.Equal("last 1", lines[^2]);
    }
}

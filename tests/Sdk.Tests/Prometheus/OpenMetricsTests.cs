using System.Diagnostics;
using System.Text.RegularExpressions;
using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed partial class OpenMetricsTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly MetricFactory _metrics;

    public OpenMetricsTests() => _metrics = Metrics.WithCustomRegistry(_registry);

    [Fact]
    public async Task The_family_of_a_counter_has_no_total_in_its_name()
    {
        _metrics.CreateCounter("orders_total", "Orders.").Inc(2);
        _metrics.CreateCounter("visits", "No suffix, no type.").Inc();

        Assert.Equal(
            """
            # HELP orders Orders.
            # TYPE orders counter
            orders_total 2
            # HELP visits No suffix, no type.
            # TYPE visits unknown
            visits 1
            # EOF

            """,
            await OpenMetricsAsync());
    }

    [Fact]
    public async Task Bounds_and_quantiles_have_a_point()
    {
        _metrics.CreateHistogram("h", "", new HistogramConfiguration { Buckets = [1, 2.5] }).Observe(2);
        _metrics.CreateSummary("s", "", new SummaryConfiguration { Objectives = [new(1, 0.01)] }).Observe(2);

        var text = await OpenMetricsAsync();

        Assert.Contains("h_bucket{le=\"1.0\"} 0\nh_bucket{le=\"2.5\"} 1\nh_bucket{le=\"+Inf\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("s{quantile=\"1.0\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exemplars_stand_behind_the_value_that_they_explain()
    {
        var seconds = _metrics.CreateHistogram("h", "", new HistogramConfiguration { Buckets = [1] });
        seconds.Observe(0.5, Exemplar.From(Exemplar.Pair("order", "o\"1")));
        _metrics.CreateCounter("c_total", "").Inc(3, Exemplar.From(Exemplar.Pair("order", "2")));

        var text = await OpenMetricsAsync();

        Assert.Matches("h_bucket\\{le=\"1.0\"\\} 1 # \\{order=\"o\\\\\"1\"\\} 0.5 [0-9]{10}\\.[0-9]{3}\n", text);
        Assert.Matches("c_total 3 # \\{order=\"2\"\\} 3 [0-9]{10}\\.[0-9]{3}\n", text);
        Assert.DoesNotContain(" # {", await _registry.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_current_trace_is_the_exemplar_unless_another_is_wanted()
    {
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        _metrics.CreateCounter("traced_total", "").Inc();
        _metrics.CreateCounter("none_total", "").Inc(Exemplar.None);
        _metrics.CreateCounter("off_total", "", new CounterConfiguration { ExemplarBehavior = ExemplarBehavior.NoExemplars() }).Inc();

        var text = await OpenMetricsAsync();

        Assert.Contains(
            $"traced_total 1 # {{trace_id=\"{activity.TraceId}\",span_id=\"{activity.SpanId}\"}} 1 ", text, StringComparison.Ordinal);
        Assert.Contains("\nnone_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\noff_total 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_series_keeps_its_exemplar_for_the_interval_it_was_told()
    {
        var counter = _metrics.CreateCounter("slow_total", "", new CounterConfiguration
        {
            ExemplarBehavior = new ExemplarBehavior { NewExemplarMinInterval = TimeSpan.FromHours(1) },
        });
        counter.Inc(Exemplar.From(Exemplar.Pair("n", "first")));
        counter.Inc(Exemplar.From(Exemplar.Pair("n", "second")));

        Assert.Equal("first", ExemplarValue().Match(await OpenMetricsAsync()).Groups[1].Value);
    }

    [Fact]
    public void An_exemplar_of_more_than_128_characters_is_refused() =>
        Assert.Throws<ArgumentException>(() => Exemplar.From(Exemplar.Pair("key", new string('x', 126))));

    private Task<string> OpenMetricsAsync() => _registry.TextAsync(ExpositionFormat.OpenMetricsText);

    [GeneratedRegex("n=\"(\\w+)\"")]
    private static partial Regex ExemplarValue();
}

using System.Globalization;
using System.Text.RegularExpressions;
using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed partial class SummaryTests
{
    private static readonly QuantileEpsilonPair[] Objectives = [new(0.5, 0.05), new(0.9, 0.01), new(0.99, 0.001)];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(50_000)]
    public async Task Quantiles_are_within_their_error(int count)
    {
        var summary = NewSummary(TimeProvider.System);
        var values = Enumerable.Range(1, count).Select(n => (double)n).ToArray();
        new Random(7).Shuffle(values);
        foreach (var value in values)
            summary.Observe(value);

        var quantiles = await QuantilesAsync();

        foreach (var objective in Objectives)
        {
            var rank = quantiles[objective.Quantile];
            Assert.InRange(
                rank,
                Math.Floor((objective.Quantile - objective.Epsilon) * count),
                Math.Ceiling((objective.Quantile + objective.Epsilon) * count) + 1);
        }
    }

    [Fact]
    public async Task Sum_and_count_stay_while_the_window_of_the_quantiles_slides()
    {
        var time = new StoppedTime();
        var summary = NewSummary(time);
        summary.Observe(1);
        time.Advance(TimeSpan.FromMinutes(6));
        summary.Observe(100);

        Assert.Equal(1, (await QuantilesAsync())[0.5]);

        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(100, (await QuantilesAsync())[0.5]);

        time.Advance(TimeSpan.FromMinutes(10));
        var text = await _registry.TextAsync();
        Assert.Contains("s{quantile=\"0.5\"} NaN\n", text, StringComparison.Ordinal);
        Assert.Contains("s_sum 101\ns_count 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_objectives_there_are_only_sum_and_count()
    {
        Metrics.WithCustomRegistry(_registry).CreateSummary("plain", "Plain.").Observe(2);

        Assert.Equal("# HELP plain Plain.\n# TYPE plain summary\nplain_sum 2\nplain_count 1\n", await _registry.TextAsync());
    }

    private Summary NewSummary(TimeProvider time)
    {
        var settings = new SummaryConfiguration { Objectives = Objectives };
        return _registry.GetOrAdd(
            "s", "", [], [], MetricType.Summary, staticLabels => new Summary("s", "", [], staticLabels, settings, time));
    }

    private async Task<Dictionary<double, double>> QuantilesAsync() => Quantile().Matches(await _registry.TextAsync()).ToDictionary(
        match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
        match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("quantile=\"([^\"]+)\"\\} (\\S+)")]
    private static partial Regex Quantile();

    private sealed class StoppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}

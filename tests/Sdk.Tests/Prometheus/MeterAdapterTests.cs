using System.Diagnostics.Metrics;
using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed class MeterAdapterTests : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Meter _meter = new("Shop.Orders");
    private readonly IDisposable _adapter;

    public MeterAdapterTests() => _adapter = MeterAdapter.StartListening(new MeterAdapterOptions
    {
        Registry = _registry,
        InstrumentFilterPredicate = instrument => instrument.Meter == _meter,
        ResolveHistogramBuckets = _ => [1, 10],
    });

    public void Dispose()
    {
        _adapter.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_counter_becomes_a_gauge_named_after_meter_and_instrument()
    {
        var placed = _meter.CreateCounter<int>("orders.placed", "{order}", "Orders.");
        placed.Add(2, new("payment.method", "card"), new("Retry", true));
        placed.Add(3, new("payment.method", "card"), new("Retry", true));

        Assert.Equal(
            """
            # HELP shop_orders_orders_placed ({order}) Orders. (Counter`1)
            # TYPE shop_orders_orders_placed gauge
            shop_orders_orders_placed{payment_method="card",retry="True"} 5

            """,
            await _registry.TextAsync());
    }

    [Fact]
    public async Task Histograms_and_up_down_counters_keep_their_kind()
    {
        _meter.CreateHistogram<double>("size").Record(4, new KeyValuePair<string, object?>("unit", null));
        var open = _meter.CreateUpDownCounter<long>("open");
        open.Add(5);
        open.Add(-2);

        var text = await _registry.TextAsync();

        Assert.Contains("shop_orders_size_bucket{unit=\"\",le=\"1\"} 0\nshop_orders_size_bucket{unit=\"\",le=\"10\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nshop_orders_open 3\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Observable_instruments_are_asked_at_each_export()
    {
        var value = 1;
        _meter.CreateObservableGauge("depth", () => value);
        _meter.CreateObservableCounter("seen", () => 10m * value);
        Assert.Contains("\nshop_orders_depth 1\n", await _registry.TextAsync(), StringComparison.Ordinal);

        value = 2;
        var text = await _registry.TextAsync();

        Assert.Contains("\nshop_orders_depth 2\n", text, StringComparison.Ordinal);
        Assert.Contains("\nshop_orders_seen 20\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Different_sets_of_tags_share_a_family()
    {
        var counter = _meter.CreateCounter<int>("mixed");
        counter.Add(1);
        counter.Add(1, new KeyValuePair<string, object?>("a", 1));

        Assert.EndsWith(
            "# TYPE shop_orders_mixed gauge\nshop_orders_mixed 1\nshop_orders_mixed{a=\"1\"} 1\n",
            await _registry.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_series_that_nobody_uses_leaves_the_export()
    {
        var registry = Metrics.NewCustomRegistry();
        using var adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            InstrumentFilterPredicate = instrument => instrument.Meter == _meter,
            MetricsExpireAfter = TimeSpan.FromTicks(-1),
        });
        _meter.CreateCounter<int>("rare").Add(1);
        _meter.CreateObservableGauge("steady", () => 1);

        var text = await registry.TextAsync();

        Assert.DoesNotContain("rare", text, StringComparison.Ordinal);
        Assert.Contains("\nshop_orders_steady 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_measurement_allocates_nothing()
    {
        var counter = _meter.CreateCounter<long>("quick");
        object key = "card";
        Measure();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            Measure();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Measure() => counter.Add(1, new KeyValuePair<string, object?>("payment.method", key));
    }
}

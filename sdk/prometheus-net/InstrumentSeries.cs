using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Prometheus;

/// <summary>The series of one instrument, found by the tags of a measurement.</summary>
internal sealed class InstrumentSeries
{
    private readonly Instrument _instrument;
    private readonly IMetricFactory _metrics;
    private readonly MeterAdapterOptions _options;
    private readonly InstrumentKind _kind;
    private readonly string _name;
    private readonly string _help;
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _series = new(TagsComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>
        .AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;

    public InstrumentSeries(Instrument instrument, IMetricFactory metrics, MeterAdapterOptions options)
    {
        _instrument = instrument;
        _metrics = metrics;
        _options = options;
        _kind = KindOf(instrument);
        _name = MetricNames.FromDotNet($"{instrument.Meter.Name}_{instrument.Name}");
        var unit = string.IsNullOrWhiteSpace(instrument.Unit) ? "" : $"({instrument.Unit}) ";
        _help = $"{unit}{instrument.Description} ({instrument.GetType().Name})";
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public bool IsEmpty => _series.IsEmpty;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_byTags.TryGetValue(tags, out var series))
            series = _series.GetOrAdd(tags.ToArray(), Start);
        series.LastUse = Stopwatch.GetTimestamp();
        switch (_kind)
        {
            case InstrumentKind.Distribution:
                series.Histogram!.Observe(value); // made by Start for this kind
                break;
            case InstrumentKind.Change:
                series.Gauge!.Inc(value);
                break;
            default:
                series.Gauge!.Set(value);
                break;
        }
    }

    public void RemoveExpired()
    {
        foreach (var entry in _series)
        {
            if (Stopwatch.GetElapsedTime(entry.Value.LastUse) <= _options.MetricsExpireAfter)
                continue;
            _series.TryRemove(entry);
            entry.Value.Remove();
        }
    }

    private static InstrumentKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (definition == typeof(Histogram<>))
            return InstrumentKind.Distribution;
        return definition == typeof(Counter<>) || definition == typeof(UpDownCounter<>) ? InstrumentKind.Change : InstrumentKind.Value;
    }

    private Series Start(KeyValuePair<string, object?>[] tags)
    {
        var names = new List<string>(tags.Length);
        var values = new List<string>(tags.Length);
        foreach (var (key, tag) in tags)
        {
            var name = MetricNames.FromDotNet(key);
            var value = Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "";
            var known = names.IndexOf(name);
            // Different tags may come to the same label name; the last one counts, as with a tag given twice.
            if (known >= 0)
            {
                values[known] = value;
                continue;
            }

            names.Add(name);
            values.Add(value);
        }

        string[] labelNames = [.. names];
        string[] labelValues = [.. values];
        if (_kind == InstrumentKind.Distribution)
        {
            var histogram = _metrics.CreateHistogram(_name, _help, labelNames, new HistogramConfiguration
            {
                Buckets = _options.ResolveHistogramBuckets(_instrument),
                SuppressInitialValue = true,
            });
            return new Series { Histogram = histogram.WithLabels(labelValues) };
        }

        var gauge = _metrics.CreateGauge(_name, _help, labelNames, new GaugeConfiguration { SuppressInitialValue = true });
        return new Series { Gauge = gauge.WithLabels(labelValues) };
    }

    private enum InstrumentKind
    {
        Value,
        Change,
        Distribution,
    }

    private sealed class Series
    {
        private long _lastUse;

        public Gauge.Child? Gauge { get; init; }

        public Histogram.Child? Histogram { get; init; }

        public long LastUse
        {
            get => Volatile.Read(ref _lastUse);
            set => Volatile.Write(ref _lastUse, value);
        }

        public void Remove()
        {
            Gauge?.Remove();
            Histogram?.Remove();
        }
    }
}

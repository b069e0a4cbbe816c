using System.Diagnostics.Metrics;

namespace Prometheus;

/// <summary>Exports the instruments of .NET's meters as metrics.</summary>
public sealed class MeterAdapter : IDisposable
{
    private readonly MeterAdapterOptions _options;
    private readonly IMetricFactory _metrics;
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly HashSet<InstrumentSeries> _instruments = [];
    private bool _disposed;

    private MeterAdapter(MeterAdapterOptions options)
    {
        _options = options;
        _metrics = options.MetricFactory ?? Metrics.WithCustomRegistry(options.Registry);
        options.Registry.AddBeforeCollectCallback(BeforeCollect);

        _listener.InstrumentPublished = Published;
        _listener.MeasurementsCompleted = Completed;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record((double)value, tags, state));
        _listener.Start();
    }

    public static IDisposable StartListening() => StartListening(MeterAdapterOptions.Default);

    public static IDisposable StartListening(MeterAdapterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new MeterAdapter(options);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _instruments.Clear();
        }

        _listener.Dispose();
    }

    private static void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        ((InstrumentSeries)state!).Record(value, tags); // the state is always what Published enabled the instrument with

    private void Published(Instrument instrument, MeterListener listener)
    {
        if (!_options.InstrumentFilterPredicate(instrument))
            return;
        var series = new InstrumentSeries(instrument, _metrics, _options);
        lock (_lock)
        {
            if (_disposed)
                return;
            _instruments.Add(series);
        }

        listener.EnableMeasurementEvents(instrument, series);
    }

    private void Completed(Instrument instrument, object? state)
    {
        // The last values stay visible until they expire; only the instrument is gone.
        if (state is InstrumentSeries { IsEmpty: true } series)
        {
            lock (_lock)
                _instruments.Remove(series);
        }
    }

    private void BeforeCollect()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            foreach (var instrument in _instruments)
                instrument.RemoveExpired();
            _listener.RecordObservableInstruments();
        }
    }
}

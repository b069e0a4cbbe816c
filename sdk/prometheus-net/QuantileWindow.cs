namespace Prometheus;

/// <summary>
/// Quantiles of the observations of the last minutes. Several sketches start one step after another and every value goes
/// into all of them, so that the oldest, which answers, always holds most of the window. Not for several threads.
/// </summary>
internal sealed class QuantileWindow
{
    private readonly QuantileEpsilonPair[] _objectives;
    private readonly TimeProvider _time;
    private readonly TimeSpan _step;
    private readonly QuantileSketch[] _sketches;
    private readonly double[] _buffer;
    private int _buffered;
    private int _oldest;
    private long _stepStarted;

    public QuantileWindow(QuantileEpsilonPair[] objectives, SummaryConfiguration settings, TimeProvider time)
    {
        _objectives = objectives;
        _time = time;
        _step = settings.MaxAge / settings.AgeBuckets;
        _sketches = new QuantileSketch[settings.AgeBuckets];
        for (var i = 0; i < _sketches.Length; i++)
            _sketches[i] = new QuantileSketch(objectives);
        _buffer = new double[settings.BufferSize];
        _stepStarted = time.GetTimestamp();
    }

    public void Observe(double value)
    {
        // Before the value, so that the buffer never holds values of two steps.
        Slide();
        _buffer[_buffered++] = value;
        if (_buffered == _buffer.Length)
            Flush();
    }

    /// <summary>The estimate for every objective, NaN where the window is empty.</summary>
    public void Query(Span<double> quantiles)
    {
        Slide();
        Flush();
        for (var i = 0; i < quantiles.Length; i++)
            quantiles[i] = _sketches[_oldest].Query(_objectives[i].Quantile);
    }

    private void Slide()
    {
        var elapsed = _time.GetElapsedTime(_stepStarted);
        if (elapsed < _step)
            return;
        Flush();
        var steps = (long)(elapsed / _step);
        for (var i = 0; i < Math.Min(steps, _sketches.Length); i++)
        {
            _sketches[_oldest].Clear();
            _oldest = (_oldest + 1) % _sketches.Length;
        }

        _stepStarted += (long)(steps * _step.TotalSeconds * _time.TimestampFrequency);
    }

    private void Flush()
    {
        var values = _buffer.AsSpan(0, _buffered);
        values.Sort();
        foreach (var sketch in _sketches)
            sketch.Add(values);
        _buffered = 0;
    }
}

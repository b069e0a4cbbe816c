namespace Prometheus;

/// <summary>
/// Estimates chosen quantiles of a stream in little memory: the biased quantiles of Cormode, Korn, Muthukrishnan and
/// Srivastava (ICDE 2005). Every sample stands for the <c>Width</c> ranks up to its own, with <c>Delta</c> ranks of doubt.
/// </summary>
internal sealed class QuantileSketch(QuantileEpsilonPair[] objectives)
{
    private readonly List<Sample> _samples = [];
    private readonly List<Sample> _merged = [];
    private long _count;

    public void Clear()
    {
        _samples.Clear();
        _count = 0;
    }

    /// <summary>Adds values that are in rising order.</summary>
    public void Add(ReadOnlySpan<double> sorted)
    {
        if (sorted.IsEmpty)
            return;
        Merge(sorted);
        Compress();
    }

    public double Query(double quantile)
    {
        if (_samples.Count == 0)
            return double.NaN;
        var rank = Math.Ceiling(quantile * _count);
        var limit = rank + Math.Floor(AllowedDoubt(rank) / 2);
        var below = 0L;
        for (var i = 0; i < _samples.Count - 1; i++)
        {
            below += _samples[i].Width;
            var next = _samples[i + 1];
            if (below + next.Width + next.Delta > limit)
                return _samples[i].Value;
        }

        return _samples[^1].Value;
    }

    private void Merge(ReadOnlySpan<double> sorted)
    {
        _merged.Clear();
        var next = 0;
        var rank = 0L;
        foreach (var value in sorted)
        {
            while (next < _samples.Count && _samples[next].Value <= value)
            {
                rank += _samples[next].Width;
                _merged.Add(_samples[next++]);
            }

            // Nothing is in doubt at both ends: the smallest and the largest value are known.
            var atAnEnd = _merged.Count == 0 || next == _samples.Count;
            var delta = atAnEnd ? 0 : Math.Max(0, (long)Math.Floor(AllowedDoubt(rank)) - 1);
            _merged.Add(new Sample(value, 1, delta));
            rank++;
            _count++;
        }

        while (next < _samples.Count)
            _merged.Add(_samples[next++]);
        _samples.Clear();
        _samples.AddRange(_merged);
    }

    private void Compress()
    {
        if (_samples.Count < 3)
            return;
        _merged.Clear();
        var kept = _samples[^1];
        var rank = _count - kept.Width;
        for (var i = _samples.Count - 2; i > 0; i--)
        {
            var sample = _samples[i];
            rank -= sample.Width;
            if (sample.Width + kept.Width + kept.Delta <= AllowedDoubt(rank))
            {
                kept = kept with { Width = kept.Width + sample.Width };
                continue;
            }

            _merged.Add(kept);
            kept = sample;
        }

        _merged.Add(kept);
        _merged.Add(_samples[0]);
        _merged.Reverse();
        _samples.Clear();
        _samples.AddRange(_merged);
    }

    /// <summary>By how many ranks a sample at this rank may be off without spoiling any objective.</summary>
    private double AllowedDoubt(double rank)
    {
        var allowed = double.MaxValue;
        foreach (var objective in objectives)
        {
            var doubt = rank >= objective.Quantile * _count
                ? 2 * objective.Epsilon * rank / objective.Quantile
                : 2 * objective.Epsilon * (_count - rank) / (1 - objective.Quantile);
            // The quantiles 0 and 1 divide by zero at the rank that is theirs, where nothing may be in doubt.
            allowed = Math.Min(allowed, double.IsNaN(doubt) ? 0 : doubt);
        }

        return allowed;
    }

    private readonly record struct Sample(double Value, long Width, long Delta);
}

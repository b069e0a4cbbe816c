namespace DaprMesh.Sidecar.Middleware;

/// <summary>Holds a second's worth of tokens, at least one, and fills up as time goes by.</summary>
internal sealed class TokenBucket(double perSecond, TimeSpan now)
{
    private readonly Lock _lock = new();
    private readonly double _size = Math.Max(1, Math.Floor(perSecond));
    private double _tokens = Math.Max(1, Math.Floor(perSecond));
    private TimeSpan _filledAt = now;

    public bool TryTake(TimeSpan at, out int left)
    {
        lock (_lock)
        {
            Fill(at);
            var taken = _tokens >= 1;
            if (taken)
                _tokens--;

            left = (int)_tokens;
            return taken;
        }
    }

    public bool IsFull(TimeSpan at)
    {
        lock (_lock)
        {
            Fill(at);
            return _tokens >= _size;
        }
    }

    private void Fill(TimeSpan at)
    {
        if (at <= _filledAt)
            return;

        _tokens = Math.Min(_size, _tokens + (at - _filledAt).TotalSeconds * perSecond);
        _filledAt = at;
    }
}

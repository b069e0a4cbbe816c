namespace DaprMesh.Gateway.Forwarding;

/// <summary>Until when an answer has to have begun. While the request's body comes in, the wait has not begun.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private long _since;
    private volatile bool _met;

    public Deadline(TimeProvider clock, TimeSpan patience, CancellationToken caller)
    {
        _clock = clock;
        _patience = patience;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Token = _source.Token;
        _since = clock.GetTimestamp();
        _timer = clock.CreateTimer(static deadline => ((Deadline)deadline!).Check(), this, patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends with the caller's request, or when the time is over.</summary>
    public CancellationToken Token { get; }

    public bool IsOver { get; private set; }

    /// <summary>Something of the request's body has come in.</summary>
    public void Extend() => Volatile.Write(ref _since, _clock.GetTimestamp());

    /// <summary>The answer has begun; how long it lasts is up to the app.</summary>
    public void Met()
    {
        _met = true;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _met = true;
        _timer.Dispose();
        _source.Dispose();
    }

    private void Check()
    {
        if (_met)
        {
            return;
        }

        var left = _patience - _clock.GetElapsedTime(Volatile.Read(ref _since));
        try
        {
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            IsOver = true;
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was met at this very moment.
        }
    }
}

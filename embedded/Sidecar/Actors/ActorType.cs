namespace DaprMesh.Sidecar.Actors;

/// <summary>A type that the app hosts, with the gate that its calls pass: closed while the hosts of the type change.</summary>
internal sealed class ActorType(string name, ActorSettings settings) : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _drained;
    private CancellationTokenSource _calls = new();
    private volatile bool _closed;
    private int _running;
    private int _active;

    public string Name { get; } = name;

    public ActorSettings Settings { get; } = settings;

    /// <summary>The sidecar hosts the type no longer: the gate will not open again.</summary>
    public bool IsClosed => _closed;

    public int Active => Volatile.Read(ref _active);

    /// <summary>Completes when calls may begin again.</summary>
    public Task Resumed
    {
        get
        {
            lock (_lock)
            {
                return _paused?.Task ?? Task.CompletedTask;
            }
        }
    }

    public void CountActive(int delta) => Interlocked.Add(ref _active, delta);

    /// <summary>Lets a call in, unless the gate is closed. Who got in must <see cref="End"/>.</summary>
    /// <param name="call">Cancelled when the call has to go.</param>
    public bool TryBegin(out CancellationToken call)
    {
        lock (_lock)
        {
            if (_paused is not null)
            {
                call = CancellationToken.None;
                return false;
            }

            call = _calls.Token;
            _running++;
            return true;
        }
    }

    public void End()
    {
        lock (_lock)
        {
            if (--_running == 0)
            {
                _drained?.TrySetResult();
            }
        }
    }

    public void Pause()
    {
        lock (_lock)
        {
            _paused ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Sends away those who wait at the gate, and all who come later.</summary>
    public void Close()
    {
        Pause();
        lock (_lock)
        {
            _closed = true;
            _paused?.TrySetResult();
        }
    }

    public void Resume()
    {
        lock (_lock)
        {
            _paused?.TrySetResult();
            _paused = null;
        }
    }

    /// <summary>Waits for the calls that are in; those that take longer than they may are cancelled. Only while the gate is closed.</summary>
    public async Task DrainAsync(TimeProvider clock, CancellationToken noLonger)
    {
        Task drained;
        lock (_lock)
        {
            if (_running == 0)
            {
                return;
            }

            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = _drained.Task;
        }

        var grace = Settings.DrainRebalanced ? Settings.DrainTimeout : TimeSpan.Zero;
        await Task.WhenAny(drained, DelayAsync(grace, clock, noLonger));
        if (!drained.IsCompleted)
        {
            await _calls.CancelAsync();
        }

        await drained;
        lock (_lock)
        {
            _drained = null;
            if (_calls.IsCancellationRequested)
            {
                _calls.Dispose();
                _calls = new();
            }
        }
    }

    public void Dispose() => _calls.Dispose();

    private static async Task DelayAsync(TimeSpan time, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            await Task.Delay(time, clock, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // No more patience: as if the time had passed.
        }
    }
}

namespace DaprMesh.Sidecar.Actors;

/// <summary>
/// One turn at a time, first come first served. With reentrancy a call that carries the id of a turn becomes part of it.
/// </summary>
internal sealed class TurnLock(bool reentrant, int maxDepth)
{
    private readonly Lock _lock = new();
    private readonly Queue<Turn> _waiting = new(0);
    private Turn? _running;
    private int _inside;
    private bool _closed;

    /// <summary>Waits for the turn. Who got it must <see cref="Exit"/> it.</summary>
    /// <exception cref="ActorClosedException">The lock was closed before the turn came.</exception>
    /// <exception cref="StackDepthException">The turn is nested too deeply.</exception>
    public ValueTask<Turn> EnterAsync(string? id, CancellationToken ct)
    {
        Turn turn;
        lock (_lock)
        {
            if (_closed)
            {
                throw new ActorClosedException();
            }

            if (reentrant && id is not null && Find(id) is { } same)
            {
                // The refused call stays counted, as in daprd, where such a turn never ends: the actor takes no other
                // before it is deactivated. Whoever develops against this runtime should see that too.
                if (++same.Depth > maxDepth)
                {
                    throw new StackDepthException();
                }

                turn = same;
            }
            else
            {
                turn = new Turn(id);
                if (_running is null)
                {
                    _running = turn;
                }
                else
                {
                    turn.Started = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    _waiting.Enqueue(turn);
                }
            }

            if (turn == _running)
            {
                _inside++;
                return new(turn);
            }
        }

        return WaitAsync(turn, ct);
    }

    public void Exit(Turn turn)
    {
        lock (_lock)
        {
            _inside--;
            Leave(turn);
        }
    }

    /// <summary>Refuses all further turns and those that wait. False when a call is running, or it is closed already.</summary>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_inside > 0 || _closed)
            {
                return false;
            }

            _closed = true;
            while (_waiting.TryDequeue(out var turn))
            {
                turn.Started!.TrySetException(new ActorClosedException());
            }

            return true;
        }
    }

    private async ValueTask<Turn> WaitAsync(Turn turn, CancellationToken ct)
    {
        try
        {
            await turn.Started!.Task.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                Leave(turn);
            }

            throw;
        }

        lock (_lock)
        {
            if (_closed)
            {
                throw new ActorClosedException();
            }

            _inside++;
            return turn;
        }
    }

    private void Leave(Turn turn)
    {
        if (--turn.Depth > 0 || turn != _running)
        {
            return;
        }

        _running = null;
        while (_waiting.TryDequeue(out var next))
        {
            if (next.Depth > 0)
            {
                _running = next;
                next.Started!.TrySetResult();
                return;
            }
        }
    }

    private Turn? Find(string id) => _running?.Id == id ? _running : _waiting.FirstOrDefault(turn => turn.Id == id && turn.Depth > 0);

    internal sealed class Turn(string? id)
    {
        public string? Id { get; } = id;

        /// <summary>The calls that are part of the turn.</summary>
        public int Depth { get; set; } = 1;

        /// <summary>Null for a turn that never had to wait.</summary>
        public TaskCompletionSource? Started { get; set; }
    }
}

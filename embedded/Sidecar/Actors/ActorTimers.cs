using System.Collections.Concurrent;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Actors;

/// <summary>The timers that were registered through this sidecar. They live in its memory and call the actor wherever it is.</summary>
internal sealed class ActorTimers : IDisposable
{
    private readonly ConcurrentDictionary<(string Type, string Id, string Name), ActorTimer> _timers = new();
    private readonly SidecarContext _context;
    private readonly ActorRouter _router;
    private readonly DueQueue<ActorTimer> _due;
    private readonly ILogger _log;

    public ActorTimers(SidecarContext context, ActorRouter router)
    {
        _context = context;
        _router = router;
        _due = new(context.Clock, timer => _ = FireAsync(timer));
        _log = context.Loggers.CreateLogger("dapr.runtime.actors.timers");
    }

    /// <summary>Registers a timer in place of one of the same name.</summary>
    /// <exception cref="FormatException">A time or period cannot be read.</exception>
    public void Register(string type, string id, string name, CallbackRequest request)
    {
        var timer = ActorTimer.Create(type, id, name, request, _context.Clock.GetUtcNow());
        if (_timers.TryGetValue(timer.Key, out var old))
        {
            old.IsCancelled = true;
        }
        else
        {
            _context.Metrics.ActorTimers(type, 1);
        }

        _timers[timer.Key] = timer;
        _due.Add(timer, timer.Next);
    }

    public void Delete(string type, string id, string name)
    {
        if (_timers.TryRemove((type, id, name), out var timer))
        {
            timer.IsCancelled = true;
            _context.Metrics.ActorTimers(type, -1);
        }
    }

    public void Dispose()
    {
        _due.Dispose();
        foreach (var timer in _timers.Values)
        {
            timer.IsCancelled = true;
        }
    }

    private async Task FireAsync(ActorTimer timer)
    {
        if (timer.IsCancelled)
        {
            return;
        }

        if (timer.IsExpired)
        {
            Remove(timer);
            return;
        }

        try
        {
            using var answer = await _router.CallAsync(ActorCall.Timer(timer.Type, timer.Id, timer.Name, timer.Body), _context.Stopping);
            _context.Metrics.ActorTimerFired(timer.Type, true);
            if (answer.IsCancel)
            {
                Remove(timer);
                return;
            }
        }
        catch (Exception e) when (e is ActorCallException or ActorMovedException or ActorNotHostedException or StackDepthException
            or TimeoutException or Resiliency.CircuitOpenException or OperationCanceledException)
        {
            if (_context.Stopping.IsCancellationRequested)
            {
                return;
            }

            // A failed callback does not end the timer.
            _context.Metrics.ActorTimerFired(timer.Type, false);
            _log.LogWarning("Timer {ActorType}||{ActorId}||{Timer} failed: {Reason}", timer.Type, timer.Id, timer.Name, e.Message);
        }

        if (timer.IsCancelled)
        {
            return;
        }

        if (timer.MoveOn())
        {
            _due.Add(timer, timer.Next);
        }
        else
        {
            Remove(timer);
        }
    }

    private void Remove(ActorTimer timer)
    {
        if (_timers.TryRemove(KeyValuePair.Create(timer.Key, timer)))
        {
            _context.Metrics.ActorTimers(timer.Type, -1);
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Frozen;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Actors;

/// <summary>The actors that are active in this sidecar's app: their turns, activation and deactivation.</summary>
internal sealed class ActorHost : IDisposable
{
    public const string ReentrancyHeader = "Dapr-Reentrancy-Id";

    private readonly ConcurrentDictionary<(string Type, string Id), ActorInstance> _instances = new();
    private readonly SidecarContext _context;
    private readonly ActorTransport _transport;
    private readonly Func<string, string, bool> _isOwner;
    private readonly DueQueue<ActorInstance> _idle;
    private readonly FrozenDictionary<string, ActorType> _types;
    private readonly ILogger _log;

    /// <param name="isOwner">Whether the actor of that type and id is placed here.</param>
    public ActorHost(SidecarContext context, AppChannel app, IEnumerable<ActorType> types, Func<string, string, bool> isOwner)
    {
        _context = context;
        _transport = new ActorTransport(context, app);
        _isOwner = isOwner;
        _types = types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
        _idle = new(context.Clock, instance => _ = DeactivateIdleAsync(instance));
        _log = context.Loggers.CreateLogger("dapr.runtime.actors");
    }

    public IReadOnlyCollection<ActorType> Types => _types.Values;

    public bool Hosts(string type) => _types.ContainsKey(type);

    public bool IsActive(string type, string id) => _instances.ContainsKey((type, id));

    public void Dispose()
    {
        _idle.Dispose();
        foreach (var type in Types)
        {
            type.Close();
            type.Dispose();
        }
    }

    /// <summary>Runs one turn of the actor, which is activated when it is not yet.</summary>
    /// <exception cref="ActorMovedException">The actor is another host's, or the turn was cut short because it becomes another's.</exception>
    /// <exception cref="ActorCallException">The app did not answer 200.</exception>
    public async ValueTask<ActorAnswer> CallAsync(ActorCall call, CancellationToken ct)
    {
        if (!_types.TryGetValue(call.Type, out var type))
        {
            throw new ActorMovedException();
        }

        CancellationToken rebalanced;
        while (!type.TryBegin(out rebalanced))
        {
            if (type.IsClosed)
            {
                throw new ActorMovedException();
            }

            await type.Resumed.WaitAsync(ct);
        }

        try
        {
            if (!_isOwner(call.Type, call.Id))
            {
                throw new ActorMovedException();
            }

            using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct, rebalanced);
            return await RunTurnAsync(type, call, ends.Token);
        }
        catch (OperationCanceledException) when (rebalanced.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ActorMovedException();
        }
        finally
        {
            type.End();
        }
    }

    /// <summary>Deactivates the actors of the type that <paramref name="stays"/> does not hold here. No turns run meanwhile.</summary>
    public async Task ReleaseAsync(ActorType type, Func<string, bool> stays, CancellationToken ct)
    {
        var leaving = _instances.Values.Where(instance => instance.Type == type && !stays(instance.Id)).ToArray();
        await Parallel.ForEachAsync(
            leaving, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct },
            async (instance, token) =>
            {
                if (!await DeactivateAsync(instance, token))
                {
                    await instance.Gone.WaitAsync(token); // its idle deactivation is on the way
                }
            });
    }

    private async ValueTask<ActorAnswer> RunTurnAsync(ActorType type, ActorCall call, CancellationToken ct)
    {
        var reentrancyId = type.Settings.Reentrant ? ReentrancyId(call) : null;
        while (true)
        {
            var instance = Activate(type, call.Id);
            TurnLock.Turn turn;
            _context.Metrics.ActorPendingCalls(type.Name, 1);
            try
            {
                turn = await instance.Turns.EnterAsync(reentrancyId, ct);
            }
            catch (ActorClosedException)
            {
                await instance.Gone.WaitAsync(ct);
                continue;
            }
            finally
            {
                _context.Metrics.ActorPendingCalls(type.Name, -1);
            }

            try
            {
                instance.Touch(_context.Clock.GetUtcNow());
                var policy = _context.Resiliency.ActorAfterLock(type.Name, call.Id);
                return policy.IsNone
                    ? await _transport.CallAsync(call, reentrancyId, ct)
                    : await policy.RunAsync(attempt => _transport.CallAsync(call, reentrancyId, attempt), ct);
            }
            finally
            {
                instance.Touch(_context.Clock.GetUtcNow());
                instance.Turns.Exit(turn);
            }
        }
    }

    private static string ReentrancyId(ActorCall call) =>
        call.Headers is not null && call.Headers.TryGetValue(ReentrancyHeader, out var given) && given.Count > 0 && given[0] is { } id
            ? id
            : Guid.NewGuid().ToString();

    private ActorInstance Activate(ActorType type, string id)
    {
        if (_instances.TryGetValue((type.Name, id), out var known))
        {
            return known;
        }

        var created = new ActorInstance(type, id);
        created.Touch(_context.Clock.GetUtcNow());
        var instance = _instances.GetOrAdd((type.Name, id), created);
        if (instance == created)
        {
            type.CountActive(1);
            _idle.Add(created, created.IdleAt);
        }

        return instance;
    }

    private async Task DeactivateIdleAsync(ActorInstance instance)
    {
        if (instance.Gone.IsCompleted)
        {
            return;
        }

        var now = _context.Clock.GetUtcNow();
        if (instance.IdleAt > now)
        {
            _idle.Add(instance, instance.IdleAt);
        }
        else if (!await DeactivateAsync(instance, CancellationToken.None))
        {
            instance.Touch(now); // a turn that takes longer than the idle timeout
            _idle.Add(instance, instance.IdleAt);
        }
    }

    /// <summary>False when a turn is running, or the actor is being deactivated already.</summary>
    private async Task<bool> DeactivateAsync(ActorInstance instance, CancellationToken ct)
    {
        if (!instance.Turns.TryClose())
        {
            return false;
        }

        var type = instance.Type;
        try
        {
            await _transport.DeactivateAsync(type.Name, instance.Id, ct);
            _context.Metrics.ActorDeactivated(type.Name, true);
            _log.LogDebug("Deactivated actor {ActorType}||{ActorId}", type.Name, instance.Id);
        }
        catch (Exception e) when (e is ActorCallException or OperationCanceledException)
        {
            // The app was told; what it makes of it changes nothing here.
            _context.Metrics.ActorDeactivated(type.Name, false);
            _log.LogWarning("Failed to deactivate actor {ActorType}||{ActorId}: {Reason}", type.Name, instance.Id, e.Message);
        }
        finally
        {
            if (_instances.TryRemove(KeyValuePair.Create((type.Name, instance.Id), instance)))
            {
                type.CountActive(-1);
            }

            instance.SetGone();
        }

        return true;
    }
}

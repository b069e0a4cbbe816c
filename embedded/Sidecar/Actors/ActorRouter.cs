using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;

namespace DaprMesh.Sidecar.Actors;

/// <summary>Finds an actor's host and calls it there, here or through its sidecar; looks again when it has moved.</summary>
internal sealed class ActorRouter(SidecarContext context, Placement placement, ActorMembership membership, ActorPeers peers)
{
    private const int LookupRetries = 5;
    private static readonly TimeSpan LookupInterval = TimeSpan.FromSeconds(1);

    /// <summary>A move takes as long as the slowest drain; then the caller is told.</summary>
    private static readonly TimeSpan MoveInterval = TimeSpan.FromMilliseconds(100);
    private const int MoveRetries = 600;

    /// <summary>Set while this sidecar hosts actors.</summary>
    public ActorHost? Host { get; set; }

    /// <summary>The sidecar stops: its own actors are not looked for elsewhere.</summary>
    public bool IsClosed { get; set; }

    /// <exception cref="ActorCallException">The app did not answer 200.</exception>
    /// <exception cref="ActorNotHostedException">No one hosts the type.</exception>
    public async ValueTask<ActorAnswer> CallAsync(ActorCall call, CancellationToken ct)
    {
        var hasPolicy = !context.Resiliency.ActorBeforeLock(call.Type, call.Id).IsNone || !context.Resiliency.ActorAfterLock(call.Type, call.Id).IsNone;
        var lookups = hasPolicy ? 0 : LookupRetries;
        for (var moves = 0; ; moves++)
        {
            try
            {
                return await CallOnceAsync(call, ct);
            }
            catch (ActorNotHostedException) when (lookups-- > 0)
            {
                await Task.Delay(LookupInterval, context.Clock, ct);
            }
            catch (ActorMovedException) when (moves < MoveRetries && !IsClosed)
            {
                // Moves end on real time, in this process or another.
                await Task.Delay(MoveInterval, TimeProvider.System, ct);
            }
        }
    }

    private ValueTask<ActorAnswer> CallOnceAsync(ActorCall call, CancellationToken ct)
    {
        if (Host is { } own && own.Hosts(call.Type) && membership.IsOwner(call.Type, call.Id))
        {
            return own.CallAsync(call, ct);
        }

        var owner = membership.View.Owner(call.Type, call.Id) ?? throw NotHosted(call);
        if (owner.Id == membership.MemberId)
        {
            throw new ActorMovedException();
        }

        return placement.Local(owner.Id) is { } neighbour
            ? new(ForwardAsync(neighbour, call, ct))
            : new(peers.CallAsync(owner, call, ct));
    }

    private Exception NotHosted(ActorCall call) => placement.View.Owner(call.Type, call.Id) is null
        ? new ActorNotHostedException(call.Type, call.Id)
        : new ActorMovedException(); // a host is there, but not agreed yet

    /// <summary>To another sidecar of this process: as between processes, without the wire.</summary>
    private static async Task<ActorAnswer> ForwardAsync(ActorHost host, ActorCall call, CancellationToken ct)
    {
        try
        {
            return await host.CallAsync(call with { IsForwarded = true }, ct);
        }
        catch (ActorCallException e)
        {
            throw ActorPeers.AsRpc(e.Code, $"error invoke actor method: {e.Message}");
        }
        catch (StackDepthException e)
        {
            throw ActorPeers.AsRpc("ResourceExhausted", e.Message);
        }
    }
}

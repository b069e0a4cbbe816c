using System.Threading.Channels;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Actors;

/// <summary>
/// This sidecar as a member of its actor runtime. When the hosts of a type change it closes the type's gate, drains and deactivates what moves,
/// acknowledges the new version, and opens the gate when all members have done so.
/// </summary>
internal sealed class ActorMembership(SidecarContext context, Placement placement, string memberId) : IAsyncDisposable
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.runtime.actors.placement");
    private volatile PlacementView _agreed = PlacementView.Empty;
    private ActorHost? _host;
    private Task _loop = Task.CompletedTask;
    private volatile TaskCompletionSource? _left;
    private CancellationToken _hurry = CancellationToken.None;
    private volatile bool _isReady;

    public string MemberId { get; } = memberId;

    /// <summary>The version that calls are routed by.</summary>
    public PlacementView View => _host is null ? Newest() : _agreed;

    /// <summary>The sidecar's own types take calls.</summary>
    public bool IsReady => _isReady;

    public bool IsOwner(string type, string id) => _agreed.Owner(type, id)?.Id == MemberId;

    public async Task JoinAsync(ActorHost host, string address, string secret)
    {
        _host = host;
        placement.Changed += Wake;
        _loop = RunAsync(host);
        var types = host.Types.Select(type => type.Name).ToArray();
        await placement.JoinAsync(new PlacementMember(MemberId, context.AppId, address, secret, types, ProcessIdentity.Current, 0), host);
    }

    /// <summary>Hosts these types from now on; completes when that is under way, not when it is agreed.</summary>
    public Task SetTypesAsync(IReadOnlyList<string> types) => placement.SetTypesAsync(MemberId, types);

    /// <summary>Gives all actors away, drained and deactivated, and leaves.</summary>
    /// <param name="hurry">Ends the patience with running turns.</param>
    public async Task LeaveAsync(CancellationToken hurry)
    {
        if (_host is null)
        {
            return;
        }

        _hurry = hurry;
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _left = left;
        await using (hurry.Register(() => left.TrySetResult()))
        {
            await placement.SetTypesAsync(MemberId, []);
            await Task.WhenAny(left.Task, _loop);
        }

        await placement.LeaveAsync(MemberId);
    }

    public async ValueTask DisposeAsync()
    {
        placement.Changed -= Wake;
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>A sidecar that hosts nothing follows each version as soon as it is agreed.</summary>
    private PlacementView Newest()
    {
        var view = placement.View;
        if (view.Version > _agreed.Version && view.IsAgreed)
        {
            _agreed = view;
        }

        return _agreed;
    }

    private async Task RunAsync(ActorHost host)
    {
        try
        {
            var drained = new HashSet<ActorType>(host.Types); // the gates are closed until the first agreement
            while (true)
            {
                await FollowAsync(host, drained);
                await _wake.Reader.ReadAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _log.LogDebug("Left the actor runtime");
        }
    }

    private async Task FollowAsync(ActorHost host, HashSet<ActorType> drained)
    {
        while (placement.View is { } view && view.Find(MemberId) is { } self && view.Version > _agreed.Version)
        {
            // A type stays closed until a version is agreed, also when a later one takes the change back: others may have seen it.
            var changed = host.Types.Where(type => !drained.Contains(type) && !view.HasSameHosts(_agreed, type.Name)).ToArray();
            await LetGoAsync(host, changed, view);
            drained.UnionWith(changed);
            if (self.Types.Count == 0 && drained.Count == host.Types.Count)
            {
                _left?.TrySetResult();
            }

            if (placement.View.Version != view.Version)
            {
                continue;
            }

            if (self.Ack < view.Version)
            {
                await placement.AcknowledgeAsync(MemberId, view.Version);
            }

            view = placement.View;
            if (!view.IsAgreed || view.Find(MemberId) is not { } agreedSelf)
            {
                return;
            }

            _agreed = view;
            _isReady = agreedSelf.Types.Count > 0;
            foreach (var type in drained)
            {
                type.Resume();
            }

            drained.Clear();
        }
    }

    private async Task LetGoAsync(ActorHost host, ActorType[] types, PlacementView view)
    {
        foreach (var type in types)
        {
            type.Pause();
        }

        await Task.WhenAll(types.Select(async type =>
        {
            await type.DrainAsync(context.Clock, _hurry);
            await host.ReleaseAsync(type, id => view.Owner(type.Name, id)?.Id == MemberId, _stop.Token);
        }));
    }
}

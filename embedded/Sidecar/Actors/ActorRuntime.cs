using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;

namespace DaprMesh.Sidecar.Actors;

/// <summary>What this sidecar has of the actor runtime that its placement address names.</summary>
internal sealed class ActorRuntime : IAsyncDisposable
{
    private readonly SidecarContext _context;
    private readonly ActorMembership _membership;
    private ActorHost? _host;

    private ActorRuntime(SidecarContext context, string placementAddress)
    {
        _context = context;
        var placement = Placement.Of(context.Runtime, placementAddress, context.Namespace);
        _membership = new ActorMembership(context, placement, Guid.NewGuid().ToString("N"));
        Router = new ActorRouter(context, placement, _membership, new ActorPeers(context, placement));
        Timers = new ActorTimers(context, Router);
    }

    public ActorRouter Router { get; }

    public ActorTimers Timers { get; }

    public ActorHost? Host => _host;

    /// <summary>The types the app hosts, in the order it named them.</summary>
    public IReadOnlyCollection<ActorType> Types => _host?.Types ?? [];

    /// <summary>Calls can be placed, and the app's own types take them.</summary>
    public bool IsReady => _host is null || _membership.IsReady;

    public bool Hosts(string type) => _host?.Hosts(type) == true;

    public bool IsActive(string type, string id) => _host?.IsActive(type, id) == true;

    /// <summary>Null: no placement address is given.</summary>
    public static ActorRuntime? Of(SidecarContext context) =>
        string.IsNullOrEmpty(context.Options.PlacementHostAddress) ? null : new ActorRuntime(context, context.Options.PlacementHostAddress);

    public async Task StartAsync(CancellationToken ct)
    {
        var settings = ActorSettings.Read(_context.AppConfig);
        if (settings.Count == 0 || _context.App is not { } app)
        {
            return;
        }

        ct.ThrowIfCancellationRequested();
        _host = new ActorHost(_context, app, settings.Select(type => new ActorType(type.Key, type.Value)), _membership.IsOwner);
        Router.Host = _host;
        var self = _context.Runtime.Names.Own(_context);
        await _membership.JoinAsync(_host, self?.Address ?? "", self?.Secret ?? "");
    }

    /// <summary>The app is not healthy: others may host its types.</summary>
    public Task PauseAsync() => _host is null ? Task.CompletedTask : _membership.SetTypesAsync([]);

    public Task ResumeAsync() => _host is null ? Task.CompletedTask : _membership.SetTypesAsync([.. _host.Types.Select(type => type.Name)]);

    /// <summary>Lets running turns finish, deactivates all actors and leaves, until <paramref name="hurry"/> ends it.</summary>
    public async Task LeaveAsync(CancellationToken hurry)
    {
        Router.IsClosed = true;
        Timers.Dispose();
        await _membership.LeaveAsync(hurry);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Timers.Dispose();
        await _membership.DisposeAsync();
        _host?.Dispose();
    }
}

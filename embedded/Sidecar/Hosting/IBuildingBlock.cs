namespace DaprMesh.Sidecar.Hosting;

/// <summary>One of Dapr's APIs: its routes, and what it does over the sidecar's life.</summary>
internal interface IBuildingBlock
{
    /// <summary>Adds the block's routes. Called once, before the servers start.</summary>
    void Map(RouteTable routes);

    /// <summary>The app listens (and is healthy): start what brings work to it. Never called for a sidecar without an app.</summary>
    Task StartAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>App health was lost: bring no more work to the app until <see cref="ResumeAsync"/>.</summary>
    Task PauseAsync(CancellationToken ct) => Task.CompletedTask;

    Task ResumeAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Graceful stop: bring no more work to the app and let what runs finish, until <paramref name="ct"/> ends it.</summary>
    Task StopAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Resource files changed and components are about to be closed: stop using them.</summary>
    Task BeforeReloadAsync(ResourceChange change, CancellationToken ct) => Task.CompletedTask;

    /// <summary>The new components are there.</summary>
    Task AfterReloadAsync(ResourceChange change, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Adds the block's part of <c>GET /v1.0/metadata</c>.</summary>
    void Describe(System.Text.Json.Nodes.JsonObject metadata)
    {
    }
}

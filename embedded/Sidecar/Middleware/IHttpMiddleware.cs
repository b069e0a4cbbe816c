using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>A step of the httpPipeline or the appHttpPipeline.</summary>
internal interface IHttpMiddleware : IComponent
{
    /// <summary>Looks at a request before it goes on, and may change or refuse it.</summary>
    ValueTask ApplyAsync(MiddlewareExchange exchange, CancellationToken ct);

    IReadOnlyList<string> IComponent.Capabilities => [];

    Task IComponent.InitAsync(CancellationToken ct) => Task.CompletedTask;

    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;
}

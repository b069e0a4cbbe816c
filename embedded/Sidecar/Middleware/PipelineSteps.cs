using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>The steps of one pipeline, looked up again when components have come or gone.</summary>
internal sealed class PipelineSteps
{
    private readonly IReadOnlyList<PipelineHandler> _handlers;
    private readonly SidecarContext _context;
    private Found _found;

    public PipelineSteps(IReadOnlyList<PipelineHandler> handlers, SidecarContext context)
    {
        _handlers = handlers;
        _context = context;
        _found = Find();
    }

    public bool IsConfigured => _handlers.Count > 0;

    public IReadOnlyList<IHttpMiddleware> Current =>
        _found.Version == _context.Components.Version ? _found.Steps : (_found = Find()).Steps;

    private Found Find()
    {
        var version = _context.Components.Version;
        return new(version, MiddlewareComponents.Of(_handlers, _context));
    }

    private sealed record Found(int Version, IReadOnlyList<IHttpMiddleware> Steps);
}

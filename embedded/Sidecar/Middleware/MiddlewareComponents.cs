using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>The middleware the sidecar has.</summary>
internal static class MiddlewareComponents
{
    public static IEnumerable<ComponentType> Types { get; } =
    [
        new("middleware.http.bearer", ["v1"], (component, context) => new BearerMiddleware(component, context)),
        new("middleware.http.ratelimit", ["v1"], (component, context) => new RateLimitMiddleware(component, context.Clock)),
        new("middleware.http.routeralias", ["v1"], (component, _) => new RouterAliasMiddleware(component)),
        new("middleware.http.routerchecker", ["v1"], (component, _) => new RouterCheckerMiddleware(component)),
        new("middleware.http.uppercase", ["v1"], (component, _) => new UppercaseMiddleware(component)),
    ];

    /// <summary>The steps of a pipeline. As in daprd, one that has no component is told of and left out.</summary>
    public static IReadOnlyList<IHttpMiddleware> Of(IReadOnlyList<PipelineHandler> handlers, SidecarContext context)
    {
        var log = context.Loggers.CreateLogger("dapr.runtime.middleware");
        var steps = new List<IHttpMiddleware>();
        foreach (var handler in handlers)
        {
            if (context.Components.All.FirstOrDefault(component => component.Name == handler.Name && component.Resource.Type == handler.Type)
                is { Instance: IHttpMiddleware step })
                steps.Add(step);
            else
                log.LogError("couldn't find middleware component with name {Name} and type {Type}", handler.Name, handler.Type);
        }

        return steps;
    }
}

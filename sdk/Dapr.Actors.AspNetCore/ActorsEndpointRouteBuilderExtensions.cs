using Dapr.Actors.AspNetCore;
using Dapr.Actors.Runtime;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what the sidecar calls in an app that hosts actors.</summary>
public static class ActorsEndpointRouteBuilderExtensions
{
    // Behind an endpoint of the app's own for the same path.
    private const int HealthOrder = 100;

    public static IEndpointConventionBuilder MapActorsHandlers(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var runtime = endpoints.ServiceProvider.GetService<ActorRuntime>()
            ?? throw new InvalidOperationException("The actor runtime is missing. Call AddActors when the services are configured.");
        var requests = new ActorRequests(runtime);

        var health = endpoints.MapHealthChecks("/healthz").AllowAnonymous().WithDisplayName("Dapr actors: health");
        health.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = HealthOrder);
        return new ActorsConventionBuilder(
        [
            endpoints.MapGet("dapr/config", requests.ConfigAsync).WithDisplayName("Dapr actors: config"),
            endpoints.MapDelete(Pattern(""), requests.DeactivateAsync).WithDisplayName("Dapr actors: deactivate"),
            endpoints.MapPut(Pattern("/method/{name}"), requests.InvokeAsync).WithDisplayName("Dapr actors: invoke"),
            endpoints.MapPut(Pattern("/method/remind/{name}"), requests.RemindAsync).WithDisplayName("Dapr actors: reminder"),
            endpoints.MapPut(Pattern("/method/timer/{name}"), requests.FireTimerAsync).WithDisplayName("Dapr actors: timer"),
            health,
        ]);
    }

    private static string Pattern(string rest) => $"actors/{{{ActorRequests.ActorType}}}/{{{ActorRequests.ActorId}}}{rest}";
}

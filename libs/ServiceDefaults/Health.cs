using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DaprMesh.ServiceDefaults;

/// <summary>Liveness asks the process alone; readiness the sidecar and the checks that the service adds with <c>AddHealthChecks()</c>.</summary>
internal static class Health
{
    public static void AddHealth(this WebApplicationBuilder builder) => builder.Services
        .AddHealthChecks()
        .AddCheck<EndingCheck>("service")
        .AddCheck<SidecarCheck>("sidecar");

    public static void MapHealth(this WebApplication app, DefaultRoutes routes)
    {
        Map("/healthz/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = NothingAsync });
        Map("/healthz/ready", new HealthCheckOptions { ResponseWriter = NothingAsync });
        if (routes.Health)
        {
            Map("/health", new HealthCheckOptions { ResponseWriter = HealthView.WriteAsync });
        }

        void Map(string path, HealthCheckOptions options) => app.MapHealthChecks(path, options).ExcludeFromDescription().ShortCircuit();
    }

    private static Task NothingAsync(HttpContext http, HealthReport report) => Task.CompletedTask;

    /// <summary>A service that is ending is not ready for more.</summary>
    private sealed class EndingCheck(OrderlyEnd end) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(end.HasBegun ? HealthCheckResult.Unhealthy("The service is ending.") : HealthCheckResult.Healthy());
    }

    private sealed class SidecarCheck(DaprClient dapr) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await dapr.CheckOutboundHealthAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The sidecar does not answer.");
    }
}

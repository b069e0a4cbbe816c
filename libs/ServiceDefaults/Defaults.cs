using System.Text.Json.Serialization.Metadata;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Prometheus;

namespace DaprMesh.ServiceDefaults;

/// <summary>What every service has, one call each way.</summary>
public static class Defaults
{
    /// <summary>Adds JSON, the sidecar's client, the clock, identity, problem details, health, metrics, logs, tracing, API documents and an orderly end.</summary>
    /// <param name="json">The service's own types; a type that is in no context is an error at its first use.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, IJsonTypeInfoResolver json)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(json);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddValidatedOptions<ServiceOptions>("Service");
        builder.AddValidatedOptions<IdentityOptions>();
        builder.AddJson(json);
        builder.AddSidecar();
        builder.AddProblems();
        builder.AddLogs();
        builder.AddTracing();
        builder.AddHealth();
        builder.AddBodyLimit();
        builder.AddApiDocuments();
        builder.AddOrderlyEnd();
        builder.Services.AddIdentity();
        return builder;
    }

    /// <summary>
    /// Puts the middleware in order and maps <c>/healthz/live</c>, <c>/healthz/ready</c>, <c>/health</c>, <c>/metrics</c>, <c>/openapi.json</c>,
    /// <c>/docs</c>, <c>/redoc</c> and <c>/dapr/subscribe</c>.
    /// </summary>
    public static WebApplication UseServiceDefaults(this WebApplication app, Action<DefaultRoutes>? change = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var routes = new DefaultRoutes();
        change?.Invoke(routes);

        app.UseTraces();
        app.UseOrderlyEnd();
        app.UseProblems();
        app.UseRouting();
        app.UseHttpMetrics();
        app.UseBodyLimit();
        app.UseMiddleware<IdentityMiddleware>();
        app.UseAuthorization();

        app.MapHealth(routes);
        app.MapMetrics();
        app.MapApiDocuments(routes);
        if (routes.Subscriptions)
        {
            app.MapSubscribeHandler();
        }

        return app;
    }
}

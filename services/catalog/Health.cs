using Dapr;
using Dapr.Client;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

/// <summary>The answer of <c>/api/system/health</c>.</summary>
public sealed record SystemHealth(string Status, string Database);

internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz/live", () => TypedResults.Ok());
        app.MapGet("/healthz/ready", ReadyAsync);
        app.MapGet("/api/system/health", SystemAsync);
    }

    private static async Task<Results<Ok, StatusCodeHttpResult>> ReadyAsync(DaprClient dapr, CancellationToken ct) =>
        await dapr.CheckOutboundHealthAsync(ct) ? TypedResults.Ok() : TypedResults.StatusCode(503);

    /// <summary>Reads from the store, as a service without its database is no service.</summary>
    private static async Task<Results<Ok<SystemHealth>, JsonHttpResult<SystemHealth>>> SystemAsync(StateStore<Product> products, CancellationToken ct)
    {
        try
        {
            await products.FindAsync("none", ct);
            return TypedResults.Ok(new SystemHealth("ok", "ok"));
        }
        catch (DaprException)
        {
            return TypedResults.Json(new SystemHealth("degraded", "unreachable"), CatalogJson.Default.SystemHealth, statusCode: 503);
        }
    }
}

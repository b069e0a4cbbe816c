using Dapr;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

/// <summary>The answer of <c>/api/system/health</c>.</summary>
public sealed record SystemHealth(string Status, string Database);

internal static class Health
{
    /// <summary>The address that clients of the old monolith know.</summary>
    public static void MapSystemHealth(this IEndpointRouteBuilder app) => app.MapGet("/api/system/health", SystemAsync).WithTags("System");

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

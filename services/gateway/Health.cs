using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Gateway;

internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz/live", () => TypedResults.Ok());
        app.MapGet("/healthz/ready", ReadyAsync);
    }

    private static async Task<Results<Ok, StatusCodeHttpResult>> ReadyAsync(IHttpClientFactory clients, SidecarAddress sidecar, CancellationToken ct)
    {
        try
        {
            using var response = await clients.CreateClient(Forwarder.ClientName).GetAsync(new Uri($"{sidecar.Base}/v1.0/healthz/outbound"), ct);
            return response.IsSuccessStatusCode ? TypedResults.Ok() : TypedResults.StatusCode(503);
        }
        catch (HttpRequestException)
        {
            return TypedResults.StatusCode(503);
        }
    }
}

using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway;

internal static class Routes
{
    /// <summary>Every route of the table, whatever the verb, and a list of them at the root.</summary>
    public static void MapRoutes(this IEndpointRouteBuilder app)
    {
        var table = app.ServiceProvider.GetRequiredService<IOptions<GatewayOptions>>().Value.Routes;
        foreach (var (prefix, appId) in table)
        {
            app.Map($"{prefix.TrimEnd('/')}/{{**rest}}", (HttpContext http, Forwarder forwarder) => forwarder.ForwardAsync(http, appId));
        }

        app.MapGet("/", () => TypedResults.Ok(new { service = "gateway", routes = table.Keys.Order(StringComparer.Ordinal) }));
    }
}

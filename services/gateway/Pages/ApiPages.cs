namespace DaprMesh.Gateway.Pages;

/// <summary>The API of the whole mesh: as a document, and to read and try in a browser.</summary>
internal static class ApiPages
{
    // Swagger UI puts styles into the page and draws icons from data; scripts come from here alone.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapApiPages(this WebApplication app)
    {
        app.MapGet("/openapi.json", async (ApiDocument document, HttpContext http, CancellationToken ct) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(await document.GetAsync(ct), "application/json");
        }).ExcludeFromDescription();

        var pages = new Lazy<RequestDelegate>(() => Pages(app));
        app.MapMethods("/docs/api/{**page}", [HttpMethods.Get, HttpMethods.Head], http =>
        {
            http.SetEndpoint(null); // or the file server behind would leave the request to it
            http.Response.Headers.ContentSecurityPolicy = Policy;
            return pages.Value(http);
        }).ExcludeFromDescription();
    }

    private static RequestDelegate Pages(IApplicationBuilder app)
    {
        var branch = app.New();
        branch.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs/api";
            ui.DocumentTitle = "DaprMesh";
            ui.SwaggerEndpoint("/openapi.json", "DaprMesh");
        });
        return branch.Build();
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace DaprMesh.Services.Tests.Catalog;

/// <summary>The catalogue is a service as every other.</summary>
public sealed class CatalogDefaultsTests(CatalogMesh catalog) : IClassFixture<CatalogMesh>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_API_document_has_every_route()
    {
        var document = await catalog.Client.GetFromJsonAsync<JsonElement>("openapi.json", Ct);

        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name} {path.Name}"));
        Assert.Equal(
            [
                "delete /api/products/{id}", "get /api/products", "get /api/products/{id}", "get /api/system/health", "post /api/products",
                "post /api/products/{id}/stock", "put /api/products/{id}",
            ],
            operations.Order(StringComparer.Ordinal));
    }

    [Theory, InlineData("healthz/live"), InlineData("healthz/ready"), InlineData("health"), InlineData("metrics"), InlineData("docs/index.html"), InlineData("api/system/health")]
    public async Task It_answers_what_every_service_answers(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await catalog.Client.GetAsync(path, Ct)).StatusCode);
}

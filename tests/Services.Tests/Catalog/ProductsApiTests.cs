using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DaprMesh.Catalog;
using DaprMesh.Contracts;

namespace DaprMesh.Services.Tests.Catalog;

public sealed class ProductsApiTests(CatalogMesh catalog) : IClassFixture<CatalogMesh>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_product_that_was_created_is_found_at_its_address()
    {
        using var created = await catalog.Client.PostAsJsonAsync("api/products/", CatalogMesh.Input("Globe"), Ct);
        var found = await catalog.Client.GetFromJsonAsync<Product>(created.Headers.Location, Ct);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(await CatalogMesh.ReadAsync<Product>(created), found);
        Assert.Equal(("Globe", new Money(20, "EUR"), 5), (found?.Name, found?.Price, found?.Stock));
    }

    [Theory]
    [InlineData("""{"name":"Atlas","category":"Books","price":1}""")]
    [InlineData("""{"sku":"","name":"Atlas","category":"Books","price":1}""")]
    [InlineData("""{"sku":"A","name":"Atlas","category":"Books","price":-1}""")]
    [InlineData("""{"sku":"A","name":"Atlas","category":"Books","price":1,"currency":"euro"}""")]
    [InlineData("""{"sku":"A","name":"Atlas","category":"Books","price":1,"stock":-1}""")]
    [InlineData("""{"sku":"A","name":"Atlas","category":"Books","price":"much"}""")]
    [InlineData("""{"sku":"A",""")]
    public async Task Input_that_is_not_a_product_is_refused(string body)
    {
        using var answer = await catalog.Client.PostAsync("api/products/", new StringContent(body, Encoding.UTF8, "application/json"), Ct);

        await CatalogMesh.ProblemAsync(answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        string[] codes =
        [
            await Code(HttpMethod.Get, "api/products/prd_none"),
            await Code(HttpMethod.Put, "api/products/prd_none", CatalogMesh.Input(), ("If-Match", "*")),
            await Code(HttpMethod.Delete, "api/products/prd_none"),
            await Code(HttpMethod.Post, "api/products/prd_none/stock", new { delta = 1 }),
        ];

        Assert.All(codes, code => Assert.Equal("product.missing", code));

        async Task<string> Code(HttpMethod method, string path, object? body = null, params (string, string)[] headers)
        {
            using var answer = await catalog.SendAsync(method, path, body, headers);
            return await CatalogMesh.ProblemAsync(answer, HttpStatusCode.NotFound) ?? "";
        }
    }

    [Fact]
    public async Task A_change_without_If_Match_is_refused()
    {
        var product = await catalog.CreateAsync();

        using var answer = await catalog.SendAsync(HttpMethod.Put, $"api/products/{product.Id}", CatalogMesh.Input());

        Assert.Equal("product.if-match-needed", await CatalogMesh.ProblemAsync(answer, HttpStatusCode.PreconditionRequired));
    }

    [Fact]
    public async Task A_change_of_what_was_read_is_saved_and_of_what_has_changed_since_is_refused()
    {
        var product = await catalog.CreateAsync();
        var etag = (await catalog.ETagOfAsync(product.Id)).ToString();

        using var first = await catalog.SendAsync(HttpMethod.Put, $"api/products/{product.Id}", CatalogMesh.Input("First"), ("If-Match", etag));
        using var second = await catalog.SendAsync(HttpMethod.Put, $"api/products/{product.Id}", CatalogMesh.Input("Second"), ("If-Match", etag));
        using var deleted = await catalog.SendAsync(HttpMethod.Delete, $"api/products/{product.Id}", null, ("If-Match", etag));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("product.changed-meanwhile", await CatalogMesh.ProblemAsync(second, HttpStatusCode.PreconditionFailed));
        Assert.Equal("product.changed-meanwhile", await CatalogMesh.ProblemAsync(deleted, HttpStatusCode.PreconditionFailed));
        Assert.Equal("First", (await catalog.Client.GetFromJsonAsync<Product>($"api/products/{product.Id}", Ct))?.Name);
    }

    [Fact]
    public async Task A_reader_who_has_the_product_gets_304()
    {
        var product = await catalog.CreateAsync();
        var etag = (await catalog.ETagOfAsync(product.Id)).ToString();

        using var answer = await catalog.SendAsync(HttpMethod.Get, $"api/products/{product.Id}", null, ("If-None-Match", etag));

        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    public async Task A_deleted_product_is_gone_from_its_address_and_from_the_list()
    {
        var product = await catalog.CreateAsync("Doomed");

        using var deleted = await catalog.SendAsync(HttpMethod.Delete, $"api/products/{product.Id}");
        using var found = await catalog.Client.GetAsync($"api/products/{product.Id}", Ct);
        var list = await catalog.Client.GetFromJsonAsync<ProductPage>("api/products/?search=Doomed", Ct);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound, 0), (deleted.StatusCode, found.StatusCode, list?.Total));
    }

    [Fact]
    public async Task More_than_there_is_cannot_be_taken_out_of_stock()
    {
        var product = await catalog.CreateAsync(stock: 3);

        using var answer = await catalog.SendAsync(HttpMethod.Post, $"api/products/{product.Id}/stock", new { delta = -4 });

        Assert.Equal("product.stock-out-of-range", await CatalogMesh.ProblemAsync(answer, HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Concurrent_stock_changes_lose_nothing()
    {
        var product = await catalog.CreateAsync(stock: 100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(number =>
            catalog.SendAsync(HttpMethod.Post, $"api/products/{product.Id}/stock", new { delta = number % 2 == 0 ? 3 : -1 })));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(100 + (16 * 3) - 16, (await catalog.Client.GetFromJsonAsync<Product>($"api/products/{product.Id}", Ct))?.Stock);
    }

    [Fact]
    public async Task The_same_idempotency_key_and_body_give_the_same_answer_even_when_the_product_is_gone()
    {
        var key = ("Idempotency-Key", "once/\u007C key 1");
        using var first = await catalog.SendAsync(HttpMethod.Post, "api/products/", CatalogMesh.Input("Once"), key);
        var product = await CatalogMesh.ReadAsync<Product>(first);
        using var second = await catalog.SendAsync(HttpMethod.Post, "api/products/", CatalogMesh.Input("Once"), key);
        using var deleted = await catalog.SendAsync(HttpMethod.Delete, $"api/products/{product.Id}");
        using var third = await catalog.SendAsync(HttpMethod.Post, "api/products/", CatalogMesh.Input("Once"), key);

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created], [second.StatusCode, third.StatusCode]);
        Assert.Equal([product, product], [await CatalogMesh.ReadAsync<Product>(second), await CatalogMesh.ReadAsync<Product>(third)]);
    }

    [Fact]
    public async Task The_same_idempotency_key_with_another_body_is_refused()
    {
        using var first = await catalog.SendAsync(HttpMethod.Post, "api/products/", CatalogMesh.Input("One"), ("Idempotency-Key", "other-body"));
        using var second = await catalog.SendAsync(HttpMethod.Post, "api/products/", CatalogMesh.Input("Two"), ("Idempotency-Key", "other-body"));

        Assert.Equal("idempotency-key.other-body", await CatalogMesh.ProblemAsync(second, HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Eight_requests_with_one_idempotency_key_make_one_product()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            catalog.SendAsync(HttpMethod.Post, "api/products/", CatalogMesh.Input("Rush"), ("Idempotency-Key", "rush"))));

        var made = await Task.WhenAll(answers.Select(CatalogMesh.ReadAsync<Product>));
        Assert.Single(made.Select(product => product.Id).Distinct());
        Assert.Equal(1, (await catalog.Client.GetFromJsonAsync<ProductPage>("api/products/?search=Rush", Ct))?.Total);
    }

    [Theory]
    [InlineData("?sort=colour")]
    [InlineData("?cursor=nonsense")]
    [InlineData("?cursor=e30")]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?limit=many")]
    public async Task A_list_that_cannot_be_is_refused(string query)
    {
        using var answer = await catalog.Client.GetAsync("api/products/" + query, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_health_of_the_system_tells_of_the_store()
    {
        var health = await catalog.Client.GetFromJsonAsync<JsonElement>("api/system/health", Ct);
        var ready = await catalog.Client.GetAsync("healthz/ready", Ct);
        var live = await catalog.Client.GetAsync("healthz/live", Ct);

        Assert.Equal(("ok", "ok"), (health.GetProperty("status").GetString(), health.GetProperty("database").GetString()));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (ready.StatusCode, live.StatusCode));
    }
}

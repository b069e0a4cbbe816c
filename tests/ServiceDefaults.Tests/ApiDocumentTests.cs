using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using DaprMesh.Testing;

namespace DaprMesh.ServiceDefaults.Tests;

public sealed partial class ApiDocumentTests : IAsyncLifetime
{
    private Mesh? _mesh;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Client => (_mesh ?? throw new InvalidOperationException("The mesh is not started.")).App("shop");

    public async ValueTask InitializeAsync() => _mesh = await Shop.StartAsync(shop => shop.Environment = "Production");

    public ValueTask DisposeAsync() => _mesh?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task The_document_describes_the_services_routes_and_not_those_that_every_service_has()
    {
        var document = await Client.GetFromJsonAsync<JsonElement>("openapi.json", Ct);

        Assert.Equal("shop", document.GetProperty("info").GetProperty("title").GetString());
        Assert.Equal(
            ["/broken", "/orders", "/orders/{id}", "/raw"],
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        var order = document.GetProperty("components").GetProperty("schemas").GetProperty("Order");
        Assert.Equal(["name", "price", "colour"], order.GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task The_document_says_which_routes_need_a_token()
    {
        var paths = (await Client.GetFromJsonAsync<JsonElement>("openapi.json", Ct)).GetProperty("paths");

        Assert.False(paths.GetProperty("/orders").GetProperty("post").TryGetProperty("security", out _));
        foreach (var operation in (JsonElement[])[paths.GetProperty("/orders").GetProperty("get"), paths.GetProperty("/orders/{id}").GetProperty("get")])
        {
            Assert.True(operation.GetProperty("security")[0].TryGetProperty("bearer", out _));
            Assert.True(operation.GetProperty("responses").TryGetProperty("401", out _));
        }
    }

    [Theory]
    [InlineData("docs/index.html", "docs/")]
    [InlineData("redoc/index.html", "redoc/")]
    public async Task The_pages_have_all_they_need_at_hand(string page, string folder)
    {
        using var answer = await Client.GetAsync(page, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        var html = await answer.Content.ReadAsStringAsync(Ct);
        var links = Links().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(links);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script>|<style|onload=", html);
        foreach (var link in links.Append(page.StartsWith("redoc", StringComparison.Ordinal) ? "redoc.standalone.js" : "index.js"))
        {
            using var file = await Client.GetAsync(folder + link, Ct);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.NotEqual("application/problem+json", file.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory, InlineData("docs"), InlineData("redoc"), InlineData("docs/"), InlineData("redoc/")]
    public async Task The_short_address_leads_to_the_page(string address)
    {
        using var answer = await Client.GetAsync(address, Ct);

        Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.MovedPermanently, HttpStatusCode.Found, HttpStatusCode.OK]);
        if (answer.Headers.Location is { } location)
        {
            var page = new Uri(new Uri(Client.BaseAddress!, address), location);
            Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync(page, Ct)).StatusCode);
        }
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Links();
}

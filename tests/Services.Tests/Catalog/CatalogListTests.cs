using System.Net.Http.Json;
using DaprMesh.Catalog;
using DaprMesh.Testing;

namespace DaprMesh.Services.Tests.Catalog;

/// <summary>Lists of the 60 products of the demo catalogue.</summary>
public sealed class CatalogListTests : IAsyncLifetime
{
    private Mesh? _mesh;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Client => (_mesh ?? throw new InvalidOperationException("The mesh is not started.")).App("catalog");

    public async ValueTask InitializeAsync()
    {
        _mesh = await CatalogMesh.StartAsync(demo: true);
        await Eventually.TrueAsync(async () => (await PageAsync("?limit=1")).Total == 60, Ct);
    }

    public ValueTask DisposeAsync() => _mesh?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Pages_by_cursor_show_every_product_once_in_each_order()
    {
        var byName = await AllAsync("sort=name&limit=7");
        var backwards = await AllAsync("sort=-name&limit=20");
        var byPrice = await AllAsync("sort=price&limit=13");
        var dearest = await AllAsync("sort=-price&limit=60");
        var newest = await AllAsync("sort=newest");

        Assert.All([byName, backwards, byPrice, dearest, newest], list => Assert.Equal(60, list.Select(product => product.Id).Distinct().Count()));
        Assert.Equal(byName.Select(product => product.Name).Order(StringComparer.OrdinalIgnoreCase), byName.Select(product => product.Name));
        Assert.Equal(backwards.Select(product => product.Name).OrderDescending(StringComparer.OrdinalIgnoreCase), backwards.Select(product => product.Name));
        Assert.Equal(byPrice.Select(product => product.Price.Amount).Order(), byPrice.Select(product => product.Price.Amount));
        Assert.Equal(dearest.Select(product => product.Price.Amount).OrderDescending(), dearest.Select(product => product.Price.Amount));
    }

    [Fact]
    public async Task A_search_finds_every_word_wherever_it_stands()
    {
        var algebra = await PageAsync("?search=ALGEBRA");
        var both = await PageAsync("?search=algebra%20workbook&category=books");
        var none = await PageAsync("?search=algebra%20zebra");

        Assert.All(algebra.Items, product => Assert.Contains("algebra", product.Name, StringComparison.OrdinalIgnoreCase));
        Assert.Equal((2, "Workbook Algebra", 0), (algebra.Total, Assert.Single(both.Items).Name, none.Total));
        Assert.Equal(12, (await PageAsync("?category=Courses&limit=1")).Total);
    }

    [Fact]
    public async Task Pages_go_on_after_a_product_that_was_deleted_meanwhile()
    {
        var all = await AllAsync("sort=name&limit=200");
        var first = await PageAsync("?sort=name&limit=10");
        await Client.DeleteAsync($"api/products/{first.Items[^1].Id}", Ct);

        var second = await PageAsync($"?sort=name&limit=10&cursor={first.Next}");

        Assert.Equal(all.Skip(10).Take(10).Select(product => product.Id), second.Items.Select(product => product.Id));
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        var page = await PageAsync("?sort=name&limit=10");

        using var answer = await Client.GetAsync($"api/products/?sort=price&cursor={page.Next}", Ct);

        await CatalogMesh.ProblemAsync(answer, System.Net.HttpStatusCode.BadRequest);
    }

    private async Task<ProductPage> PageAsync(string query) =>
        await Client.GetFromJsonAsync<ProductPage>("api/products/" + query, Ct) ?? throw new InvalidOperationException("There is no page.");

    private async Task<List<ProductSummary>> AllAsync(string query)
    {
        var all = new List<ProductSummary>();
        string? cursor = null;
        do
        {
            var page = await PageAsync($"?{query}&cursor={cursor}");
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }
}

using System.Net;
using System.Net.Http.Json;
using DaprMesh.Testing;

namespace DaprMesh.Services.Tests.Catalog;

/// <summary>Each test has a catalogue of its own, as faults and the clock are the mesh's.</summary>
public sealed class CatalogEventsTests : IAsyncLifetime
{
    private readonly CatalogMesh _catalog = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _catalog.InitializeAsync();

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Fact]
    public async Task Every_change_is_told_exactly_once()
    {
        var product = await _catalog.CreateAsync();
        using var changed = await _catalog.SendAsync(HttpMethod.Put, $"api/products/{product.Id}", CatalogMesh.Input(price: 21), ("If-Match", "*"));
        using var unchanged = await _catalog.SendAsync(HttpMethod.Put, $"api/products/{product.Id}", CatalogMesh.Input(price: 21), ("If-Match", "*"));
        using var stock = await _catalog.SendAsync(HttpMethod.Post, $"api/products/{product.Id}/stock", new { delta = 1 });
        using var deleted = await _catalog.SendAsync(HttpMethod.Delete, $"api/products/{product.Id}");

        await _catalog.Mesh.Events.TakenAsync("listener", "product-deleted", 1, Ct);
        await PassRecoveryAsync();
        (string, long)[] told = [("product-changed", 2), ("product-changed", 3), ("product-created", 1), ("product-deleted", 4), ("product-price-changed", 2)];
        await Eventually.TrueAsync(() => _catalog.EventsOf(product.Id).Count >= told.Length, Ct);
        Assert.Equal(told, _catalog.EventsOf(product.Id).Order());
    }

    [Fact]
    public async Task An_event_whose_publishing_failed_is_told_later()
    {
        _catalog.Mesh.Faults.Fail("pubsub");
        var product = await _catalog.CreateAsync();
        Assert.Empty(_catalog.Mesh.Events.Published);

        await Eventually.TrueAsync(() => _catalog.EventsOf(product.Id).Count > 0, _catalog.Mesh.Clock, TimeSpan.FromSeconds(10), Ct);

        Assert.Equal([("product-created", 1)], _catalog.EventsOf(product.Id));
    }

    [Fact]
    public async Task An_event_that_a_stopped_catalogue_left_over_is_told_by_the_next()
    {
        _catalog.Mesh.Faults.Fail("pubsub");
        var product = await _catalog.CreateAsync();
        _catalog.Mesh.Clock.Advance(TimeSpan.FromSeconds(6)); // it is older than what a running request may still publish
        await _catalog.Mesh.RestartAsync("catalog", Ct);

        await Eventually.TrueAsync(() => _catalog.EventsOf(product.Id).Count > 0, Ct);

        Assert.Equal([("product-created", 1)], _catalog.EventsOf(product.Id));
    }

    [Fact]
    public async Task A_store_that_fails_makes_a_change_fail_and_the_next_one_passes()
    {
        var product = await _catalog.CreateAsync();
        _catalog.Mesh.Faults.Fail("statestore");
        using var failed = await _catalog.SendAsync(HttpMethod.Post, $"api/products/{product.Id}/stock", new { delta = 1 });
        using var passed = await _catalog.SendAsync(HttpMethod.Post, $"api/products/{product.Id}/stock", new { delta = 1 });

        await CatalogMesh.ProblemAsync(failed, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        Assert.Equal(6, (await _catalog.Client.GetFromJsonAsync<DaprMesh.Catalog.Product>($"api/products/{product.Id}", Ct))?.Stock);
    }

    [Fact]
    public async Task A_store_out_of_reach_shows_in_the_health_of_the_system()
    {
        _catalog.Mesh.Faults.Fail("statestore");
        using var answer = await _catalog.Client.GetAsync("api/system/health", Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("""{"status":"degraded","database":"unreachable"}""", await answer.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>Lets the outbox look for leftovers: nothing may come of it.</summary>
    private async Task PassRecoveryAsync()
    {
        _catalog.Mesh.Clock.Advance(TimeSpan.FromSeconds(20));
        await _catalog.CreateAsync("After");
        await _catalog.Mesh.Events.TakenAsync("listener", "product-created", 2, Ct);
    }
}

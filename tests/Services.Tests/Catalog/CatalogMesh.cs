using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DaprMesh.Catalog;
using DaprMesh.Contracts;
using DaprMesh.Services.Tests.Testing;
using DaprMesh.Testing;

namespace DaprMesh.Services.Tests.Catalog;

/// <summary>The catalogue with a listener to all its events.</summary>
public sealed class CatalogMesh : IAsyncLifetime
{
    public static readonly string[] Topics = ["product-created", "product-changed", "product-price-changed", "product-deleted"];
    private Mesh? _mesh;

    public Mesh Mesh => _mesh ?? throw new InvalidOperationException("The mesh is not started.");

    /// <summary>Sends what somebody of the staff sends.</summary>
    public HttpClient Client => Mesh.App("catalog", Mesh.Authority.Token("usr_staff", Roles.Staff));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await StartAsync(demo: false);

    public ValueTask DisposeAsync() => Mesh.DisposeAsync();

    public static Task<Mesh> StartAsync(bool demo) => Mesh.StartAsync(
        mesh => mesh
            .Authority()
            .App<Product>("catalog", app => app.Settings["Catalog__Demo"] = demo ? "true" : "false")
            .App("listener", new ListenerApp(Topics).Map),
        Ct);

    public static object Input(string name = "Atlas", decimal price = 20, int stock = 5, string category = "Books") =>
        new { sku = "BOO-1", name, category, price, stock };

    public async Task<Product> CreateAsync(string name = "Atlas", int stock = 5)
    {
        using var answer = await Client.PostAsJsonAsync("api/products/", Input(name, stock: stock), Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await ReadAsync<Product>(answer);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await Client.SendAsync(request, Ct);
    }

    public async Task<EntityTagHeaderValue> ETagOfAsync(string id)
    {
        using var answer = await Client.GetAsync($"api/products/{id}", Ct);
        return answer.Headers.ETag ?? throw new InvalidOperationException("There is no ETag.");
    }

    /// <summary>The events of a product that the listener took, as topic and version.</summary>
    public IReadOnlyList<(string Topic, long Version)> EventsOf(string id) =>
    [
        .. Mesh.Events.Delivered
            .Where(delivered => delivered.Content.Data.GetProperty("productId").GetString() == id)
            .Select(delivered => (delivered.Topic, delivered.Content.Data.GetProperty("version").GetInt64())),
    ];

    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer) =>
        await answer.Content.ReadFromJsonAsync<T>(Ct) ?? throw new InvalidOperationException("There is no body.");

    /// <summary>The code of a problem document, after a look at what else it has to have.</summary>
    public static async Task<string?> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await ReadAsync<JsonElement>(answer);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem.TryGetProperty("code", out var code) ? code.GetString() : null;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.ServiceDefaults.Tests.Identity;

/// <summary>A service with one route of each kind, and an authority.</summary>
public sealed class IdentityMesh : IAsyncLifetime
{
    private Mesh? _mesh;

    public Mesh Mesh => _mesh ?? throw new InvalidOperationException("The mesh is not started.");

    public Authority Authority => Mesh.Authority;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await StartAsync(mesh => mesh.Authority());

    public ValueTask DisposeAsync() => Mesh.DisposeAsync();

    public static Task<Mesh> StartAsync(Action<MeshBuilder> more, Action<MeshAppOptions>? shop = null) => Mesh.StartAsync(
        mesh => more(mesh.App("shop", builder => builder.AddServiceDefaults(new DefaultJsonTypeInfoResolver()), Map, shop).Sidecar("friend").Sidecar("stranger")),
        Ct);

    public Task<HttpResponseMessage> GetAsync(string path, string? token = null) => GetAsync(Mesh, path, token);

    public static async Task<HttpResponseMessage> GetAsync(Mesh mesh, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await mesh.App("shop").SendAsync(request, Ct);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement;

    /// <summary>The code of a problem document, after a look at what else it has to have.</summary>
    public static async Task<string?> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await ReadAsync(answer);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(32, problem.GetProperty("traceId").GetString()?.Length);
        return problem.GetProperty("code").GetString();
    }

    private static void Map(WebApplication app)
    {
        app.UseServiceDefaults();
        app.MapGet("/open", (CurrentUser user) => user.IsAuthenticated ? user.Id : "nobody");
        app.MapGet("/me", (CurrentUser user) => TypedResults.Ok(new { user.Id, user.Name, user.SessionId, user.Roles, MayRead = user.Has(Permissions.UsersRead) })).RequireAuthorization();
        app.MapGet("/keys", () => "keys").RequirePermission(Permissions.KeysRotate);
        app.MapGet("/users/{id}", (string id) => id).RequireSelfOr(Permissions.UsersRead, "id");
        app.MapGet("/internal", (HttpContext http) => http.Request.Headers["dapr-caller-app-id"].ToString()).RequireCaller("friend");
        app.MapPost("/events", () => TypedResults.Ok()).RequireSidecar();
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Gateway.Tests;

public sealed class PageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_document_tells_the_api_of_all_services_and_which_do_not_tell_theirs()
    {
        await using var mesh = await GatewayMesh.StartAsync(
            new Dictionary<string, string> { ["Gateway__Routes__/one__App"] = "one", ["Gateway__Routes__/two__App"] = "two" },
            more: builder => builder.App("one", app => Documented(app, "/one/items/{id}", "string")).App("two", app => Documented(app, "/two/items", "integer")));

        var document = (JsonObject)JsonNode.Parse(await mesh.Client.GetStringAsync("openapi.json", Ct))!; // an object, or the test fails

        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["one", "two"], document["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()));
        Assert.Equal(["/one/items/{id}", "/two/items"], document["paths"]!.AsObject().Select(path => path.Key).Order());
        Assert.Equal("one", document["paths"]!["/one/items/{id}"]!["get"]!["tags"]![0]!.GetValue<string>());
        Assert.Equal("string", document["components"]!["schemas"]!["one.Item"]!["properties"]!["id"]!["type"]!.GetValue<string>());
        Assert.Equal("integer", document["components"]!["schemas"]!["two.Item"]!["properties"]!["id"]!["type"]!.GetValue<string>());
        Assert.Contains("nowhere", document["x-unavailable"]!.AsArray().Select(app => app!.GetValue<string>()));
        AssertValid(document);
    }

    [Fact]
    public async Task The_document_is_asked_for_again_soon_when_a_service_was_missing()
    {
        var asked = 0;
        await using var mesh = await GatewayMesh.StartAsync(
            new Dictionary<string, string> { ["Gateway__Routes__/one__App"] = "one" },
            more: builder => builder.App("one", app => app.MapGet("/openapi.json", () =>
            {
                Interlocked.Increment(ref asked);
                return Results.Json(new { });
            })));
        for (var i = 0; i < 3; i++)
        {
            using var answer = await mesh.Client.GetAsync("openapi.json", Ct);
        }

        Assert.Equal(1, asked);
        mesh.Clock.Advance(TimeSpan.FromSeconds(3));
        using var again = await mesh.Client.GetAsync("openapi.json", Ct);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task The_api_can_be_read_in_a_browser_without_help_from_elsewhere()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var page = await mesh.Client.GetAsync("docs/api/index.html", Ct);
        var html = await page.Content.ReadAsStringAsync(Ct);
        using var script = await mesh.Client.GetAsync("docs/api/swagger-ui-bundle.js", Ct);

        Assert.Contains("swagger-ui", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
        Assert.Contains("script-src 'self'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_of_every_service_by_its_own_word()
    {
        await using var mesh = await GatewayMesh.StartAsync(more: builder => builder
            .App("flaky", app => app.MapGet("/healthz/ready", () => Results.StatusCode(503)))
            .App("twins", app => app.MapGet("/healthz/ready", () => Results.Ok())));

        using var answer = await mesh.Client.GetAsync("health", Ct);
        var health = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        var apps = health.GetProperty("apps");
        Assert.Equal(
            ("ready", "not-ready", "ready", "down"),
            (Status(apps, "echo"), Status(apps, "flaky"), Status(apps, "twins"), Status(apps, "nowhere")));
        Assert.True(apps.GetProperty("echo").GetProperty("ms").GetDouble() >= 0);
    }

    [Fact]
    public async Task Health_does_not_wait_for_a_service_that_does_not_answer()
    {
        await using var mesh = await GatewayMesh.StartAsync(more: builder => builder.App("flaky", app => app.MapGet("/healthz/ready", async (CancellationToken ct) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        })));

        var answer = mesh.Client.GetAsync("health", Ct);
        await Testing.Eventually.TrueAsync(() => answer.IsCompleted, mesh.Clock, TimeSpan.FromSeconds(1), Ct);

        var health = await (await answer).Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal("down", Status(health.GetProperty("apps"), "flaky"));
    }

    [Fact]
    public async Task A_mesh_whose_services_are_all_ready_is_healthy()
    {
        await using var mesh = await GatewayMesh.StartAsync(more: builder =>
        {
            foreach (var name in new[] { "auth", "users", "catalog", "flaky", "twins", "nowhere" })
            {
                builder.App(name, app => app.MapGet("/healthz/ready", () => Results.Ok()));
            }
        });

        using var answer = await mesh.Client.GetAsync("health", Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_first_page_is_html_for_browsers_and_json_for_programs_and_gives_way_to_a_service()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        var overview = await mesh.Client.GetFromJsonAsync<JsonElement>("", Ct);
        Assert.Contains(overview.GetProperty("routes").EnumerateArray(), route => route.GetProperty("path").GetString() == "/api/" && route.GetProperty("app").GetString() == "catalog");

        using var request = new HttpRequestMessage(HttpMethod.Get, "docs/");
        request.Headers.Add("Accept", "text/html,application/xhtml+xml");
        using var page = await mesh.Client.SendAsync(request, Ct);
        Assert.Contains("href=\"/docs/api/\"", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);

        await using var served = await GatewayMesh.StartAsync(new Dictionary<string, string> { ["Gateway__Routes__/__App"] = "echo" });
        using var home = await served.Client.GetAsync("", Ct);
        using var health = await served.Client.GetAsync("health", Ct);
        Assert.Equal(HttpStatusCode.Accepted, home.StatusCode);
        Assert.NotEqual(HttpStatusCode.Accepted, health.StatusCode);
    }

    private static string? Status(JsonElement apps, string app) => apps.GetProperty(app).GetProperty("status").GetString();

    private static void Documented(WebApplication app, string path, string type)
    {
        var document = $$"""
            { "openapi": "3.1.1", "info": { "title": "x", "version": "1" },
              "paths": {
                "{{path}}": { "get": { "operationId": "Get", "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Item" } } } } } } },
                "/internal/x": { "get": { "responses": { "200": { "description": "not for others" } } } } },
              "components": { "schemas": { "Item": { "type": "object", "properties": { "id": { "type": "{{type}}" }, "next": { "$ref": "#/components/schemas/Item" } } } } } }
            """;
        app.MapGet("/openapi.json", () => Results.Text(document, "application/json"));
    }

    /// <summary>Every reference leads somewhere, every operation has answers and an id of its own.</summary>
    private static void AssertValid(JsonObject document)
    {
        var ids = new HashSet<string>();
        foreach (var operation in document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!))
        {
            Assert.NotEmpty(operation["responses"]!.AsObject());
            Assert.True(operation["operationId"] is not { } id || ids.Add(id.GetValue<string>()));
        }

        foreach (var reference in References(document))
        {
            JsonNode? node = document;
            foreach (var step in reference[2..].Split('/'))
            {
                node = node?[step];
            }

            Assert.True(node is not null, reference);
        }
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => member.Key == "$ref" ? [member.Value!.GetValue<string>()] : References(member.Value)),
        JsonArray array => array.SelectMany(References),
        _ => [],
    };
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DaprMesh.Gateway.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway.Tests;

public sealed class RouteTests : IAsyncLifetime
{
    private static readonly string[] Apps = ["auth", "users", "catalog"];
    private GatewayMesh? _mesh;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private GatewayMesh Mesh => _mesh ?? throw new InvalidOperationException("The mesh is not started.");

    public async ValueTask InitializeAsync() => _mesh = await GatewayMesh.StartAsync(more: mesh =>
    {
        foreach (var name in Apps)
        {
            var echo = new EchoApp();
            mesh.App(name, (WebApplication app) =>
            {
                app.Use((http, next) =>
                {
                    http.Response.Headers["X-Answered-By"] = name;
                    return next(http);
                });
                echo.Map(app);
            });
        }
    });

    public async ValueTask DisposeAsync() => await Mesh.DisposeAsync();

    [Theory]
    [InlineData("auth/login", "auth")]
    [InlineData("auth/logout", "auth")]
    [InlineData("auth/validate", "auth")]
    [InlineData("auth/register", "auth")]
    [InlineData("user-api/token", "auth")]
    [InlineData("user-api/users/register", "users")]
    [InlineData("user-api/users/me", "users")]
    [InlineData("api/v1/auth/login", "auth")]
    [InlineData("api/v1/auth/refresh", "auth")]
    [InlineData("api/v1/auth/sessions/ses_1", "auth")]
    [InlineData("api/v1/users", "users")]
    [InlineData("api/v1/users/usr_1/access-codes", "users")]
    [InlineData(".well-known/jwks.json", "auth")]
    [InlineData(".well-known/openid-configuration", "auth")]
    [InlineData("api/products/?search=a", "catalog")]
    [InlineData("API/Products/", "catalog")]
    [InlineData("api/v1/other", "catalog")]
    [InlineData("%61uth/login", "auth")]
    public async Task Every_path_has_its_service(string path, string app)
    {
        using var answer = await Mesh.Client.GetAsync(path, Ct);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(app, Assert.Single(answer.Headers.GetValues("X-Answered-By")));
    }

    [Theory, InlineData("elsewhere/"), InlineData("apis/x"), InlineData("internal/security-feed"), InlineData("dapr/subscribe"), InlineData("v1.0/state/statestore"), InlineData("actors/a/b")]
    public async Task A_path_without_a_route_is_not_found(string path)
    {
        using var answer = await Mesh.Client.GetAsync(path, Ct);

        Assert.Equal("route.unknown", await GatewayMesh.ProblemAsync(answer, HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task A_request_goes_on_with_method_path_query_and_body()
    {
        using var answer = await Mesh.Client.PutAsync("echo/a/b?x=1&y=%26", new StringContent("hello"), Ct);
        var echo = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(("PUT", "/echo/a/b?x=1&y=%26", "hello"), (Text(echo, "method"), Text(echo, "target"), Text(echo, "body")));
    }

    [Theory, InlineData("echo/a%2Fb"), InlineData("echo/a%20b/%C3%A4"), InlineData("echo/100%25"), InlineData("echo/a%2520b"), InlineData("echo/a..b/c.")]
    public async Task A_path_goes_on_as_it_was_written(string path)
    {
        var echo = await Mesh.Client.GetFromJsonAsync<JsonElement>(path, Ct);

        Assert.Equal("/" + path, Text(echo, "target"));
    }

    [Theory, InlineData("GET"), InlineData("POST"), InlineData("PUT"), InlineData("PATCH"), InlineData("DELETE"), InlineData("OPTIONS")]
    public async Task Every_verb_goes_on(string verb)
    {
        using var answer = await Mesh.Client.SendAsync(new HttpRequestMessage(HttpMethod.Parse(verb), "echo/verb"), Ct);

        Assert.Equal(verb, Text(await answer.Content.ReadFromJsonAsync<JsonElement>(Ct), "method"));
    }

    [Theory, InlineData("echo/broken", "sorry"), InlineData("echo/broken-json", """{"errorCode":"MINE"}""")]
    public async Task An_error_of_an_app_is_passed_on_as_it_is(string path, string text)
    {
        using var answer = await Mesh.Client.GetAsync(path, Ct);

        Assert.Equal((HttpStatusCode.InternalServerError, text), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct)));
    }

    [Fact]
    public void The_longest_prefix_wins_and_stands_for_whole_segments()
    {
        var table = new RouteTable(Options.Create(new GatewayOptions
        {
            Routes = { ["/"] = new() { App = "web" }, ["/api/"] = new() { App = "a" }, ["/api/v1"] = new() { App = "b" }, ["/api/v1/x/"] = new() { App = "c" } },
        }));

        Assert.Equal(
            ["web", "web", "a", "a", "a", "b", "b", "b", "c", "c"],
            new[] { "/", "/apis", "/api", "/api/", "/api/v10", "/api/v1", "/API/V1/", "/api/v1/xy", "/api/v1/x", "/api/v1/x/y" }.Select(path => table.Find(path)?.App));
    }

    [Fact]
    public void Every_fault_of_the_route_table_is_told_at_once()
    {
        var faults = new RouteRules().Validate(null, new GatewayOptions
        {
            Routes =
            {
                ["api"] = new() { App = "a" }, ["/b"] = new() { App = "" }, ["/c"] = new() { App = "c", Timeout = TimeSpan.Zero, Retries = 9 },
                ["/d"] = new() { App = "d" }, ["/D/"] = new() { App = "d" }, ["/e"] = new() { App = "e", Limit = new() { Permits = -1, Window = TimeSpan.Zero } },
            },
            TrustedProxies = ["everybody"],
        }).Failures ?? [];

        Assert.Equal(8, faults.Count());
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}

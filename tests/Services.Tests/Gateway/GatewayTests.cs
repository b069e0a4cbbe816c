using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DaprMesh.Gateway;
using DaprMesh.Services.Tests.Catalog;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Services.Tests.Gateway;

public sealed class GatewayTests : IAsyncLifetime
{
    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _waiting = new(0);
    private Mesh? _mesh;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Mesh Mesh => _mesh ?? throw new InvalidOperationException("The mesh is not started.");

    private HttpClient Client => Mesh.App("gateway");

    public async ValueTask InitializeAsync() => _mesh = await Mesh.StartAsync(
        mesh => mesh
            .App<GatewayOptions>("gateway", app =>
            {
                app.Settings["Gateway__Routes__/echo/"] = "echo";
                app.Settings["Gateway__Routes__/nowhere/"] = "nowhere";
            })
            .App("echo", MapEcho),
        Ct);

    public async ValueTask DisposeAsync()
    {
        _go.Release(10);
        await Mesh.DisposeAsync();
        _go.Dispose();
        _waiting.Dispose();
    }

    [Fact]
    public async Task A_request_goes_to_the_app_of_its_route_with_method_path_query_and_body()
    {
        using var answer = await Client.PutAsync("echo/a/b?x=1&y=%26", new StringContent("hello"), Ct);
        var echo = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(("PUT", "/echo/a/b?x=1&y=%26", "hello"), (Text(echo, "method"), Text(echo, "target"), Text(echo, "body")));
    }

    [Theory, InlineData("echo/a%2Fb"), InlineData("echo/a%20b/%C3%A4"), InlineData("echo/100%25"), InlineData("echo/a%2520b")]
    public async Task A_path_goes_on_as_it_was_written(string path)
    {
        var echo = await Client.GetFromJsonAsync<JsonElement>(path, Ct);

        Assert.Equal("/" + path, Text(echo, "target"));
    }

    [Fact]
    public async Task What_callers_say_about_themselves_is_removed_and_the_rest_goes_on()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "echo/headers");
        request.Headers.Add("X-User-Id", "root");
        request.Headers.Add("x-user-roles", "admin");
        request.Headers.Add("dapr-app-id", "catalog");
        request.Headers.Add("dapr-api-token", "guessed");
        request.Headers.Add("X-Forwarded-Proto", "gopher");
        request.Headers.Add("Authorization", "Bearer abc");

        using var answer = await Client.SendAsync(request, Ct);
        var headers = (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("headers");

        var names = headers.EnumerateObject().Select(header => header.Name).ToList();
        Assert.DoesNotContain(names, name => name.StartsWith("X-User-", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("guessed", headers.EnumerateObject().Select(header => header.Value.GetString()));
        Assert.DoesNotContain("catalog", headers.EnumerateObject().Select(header => header.Value.GetString()));
        Assert.Equal(("Bearer abc", "http"), (Text(headers, "Authorization"), Text(headers, "X-Forwarded-Proto")));
    }

    [Fact]
    public async Task An_error_of_an_app_is_passed_on_as_it_is()
    {
        using var answer = await Client.GetAsync("echo/broken", Ct);

        Assert.Equal((HttpStatusCode.InternalServerError, "sorry"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct)));
    }

    [Fact]
    public async Task A_path_without_a_route_is_not_found()
    {
        using var answer = await Client.GetAsync("elsewhere/", Ct);

        await CatalogMesh.ProblemAsync(answer, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_app_that_does_not_exist_or_is_cut_off_is_unavailable()
    {
        using var unknown = await Client.GetAsync("nowhere/", Ct);
        await CatalogMesh.ProblemAsync(unknown, HttpStatusCode.ServiceUnavailable);

        using var cut = Mesh.Faults.CutOff("echo");
        using var unreachable = await Client.GetAsync("echo/", Ct);
        await CatalogMesh.ProblemAsync(unreachable, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task An_app_that_does_not_answer_in_time_is_a_timeout()
    {
        var answer = Client.GetAsync("echo/waits", Ct);
        await _waiting.WaitAsync(Ct);

        Mesh.Clock.Advance(TimeSpan.FromSeconds(30));

        await CatalogMesh.ProblemAsync(await answer, HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task An_answer_streams()
    {
        using var answer = await Client.GetAsync("echo/stream", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));

        Assert.Equal("first", await reader.ReadLineAsync(Ct));
        _go.Release();
        Assert.Equal("second", await reader.ReadLineAsync(Ct));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private void MapEcho(WebApplication app)
    {
        app.MapGet("/echo/broken", () => Results.Text("sorry", statusCode: 500));
        app.MapGet("/echo/waits", async (CancellationToken ct) =>
        {
            _waiting.Release();
            await _go.WaitAsync(ct);
        });
        app.MapGet("/echo/stream", async (HttpResponse response, CancellationToken ct) =>
        {
            await response.WriteAsync("first\n", ct);
            await response.Body.FlushAsync(ct);
            await _go.WaitAsync(ct);
            await response.WriteAsync("second\n", ct);
        });
        app.Map("/echo/{**rest}", async (HttpContext http, CancellationToken ct) => Results.Json(
            new
            {
                method = http.Request.Method,
                target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                body = await new StreamReader(http.Request.Body).ReadToEndAsync(ct),
                headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            },
            statusCode: 202));
    }
}

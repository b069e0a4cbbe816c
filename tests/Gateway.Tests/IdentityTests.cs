using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DaprMesh.Contracts;

namespace DaprMesh.Gateway.Tests;

public sealed class IdentityTests : IAsyncLifetime
{
    private GatewayMesh? _mesh;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private GatewayMesh Mesh => _mesh ?? throw new InvalidOperationException("The mesh is not started.");

    public async ValueTask InitializeAsync() => _mesh = await GatewayMesh.StartAsync(
        new Dictionary<string, string>
        {
            ["Gateway__Routes__/echo/private__App"] = "echo",
            ["Gateway__Routes__/echo/private__Token"] = "Required",
            ["Gateway__Routes__/echo/login__App"] = "echo",
            ["Gateway__Routes__/echo/login__Token"] = "Ignored",
            ["Gateway__PerIdentity__Permits"] = "3",
        },
        more: mesh => mesh.Authority());

    public async ValueTask DisposeAsync() => await Mesh.DisposeAsync();

    [Fact]
    public async Task A_valid_token_goes_on_and_the_request_is_logged_with_its_user()
    {
        var token = Mesh.Mesh.Authority.Token("usr_ann", Roles.Customer);
        using var answer = await GetAsync("echo/private/a?page=2&access_token=secret-one", token);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var headers = (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("headers");
        Assert.Equal($"Bearer {token}", headers.GetProperty("Authorization").GetString());
        await Testing.Eventually.TrueAsync(() => Line("/echo/private/a") is not null, Ct);
        var line = Line("/echo/private/a") ?? "";
        Assert.Contains("GET /echo/private/a?page=2&access_token=*** 202", line, StringComparison.Ordinal);
        Assert.Contains("route=/echo/private/ app=echo user=usr_ann", line, StringComparison.Ordinal);
        Assert.Matches("trace=[0-9a-f]{32}", line);
        Assert.DoesNotContain(Mesh.Mesh.Log, other => other.Contains("secret-one", StringComparison.Ordinal) || other.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_token_is_refused_at_the_door()
    {
        foreach (var token in new[] { "wrong", "a.b.c", Mesh.Mesh.Authority.SignRaw("""{"alg":"none"}""", "{}"), Mesh.Mesh.Authority.Token("usr_ann", Roles.Customer) + "x" })
        {
            using var answer = await GetAsync("echo/refused", token);

            Assert.Equal("token.invalid", await GatewayMesh.ProblemAsync(answer, HttpStatusCode.Unauthorized));
            Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, Mesh.Echo.Calls("/echo/refused"));
    }

    [Fact]
    public async Task A_token_whose_time_is_over_is_refused_at_the_door()
    {
        var token = Mesh.Mesh.Authority.Token("usr_ben", Roles.Customer);
        using var before = await GetAsync("echo/a", token);
        Mesh.Clock.Advance(TimeSpan.FromMinutes(16));
        using var after = await GetAsync("echo/a", token);

        Assert.Equal(HttpStatusCode.Accepted, before.StatusCode);
        Assert.Equal("token.expired", await GatewayMesh.ProblemAsync(after, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Without_a_token_the_service_decides_unless_the_route_needs_one()
    {
        using var open = await GetAsync("echo/a", token: null);
        using var needed = await GetAsync("echo/private", token: null);

        Assert.Equal(HttpStatusCode.Accepted, open.StatusCode);
        Assert.Equal("token.missing", await GatewayMesh.ProblemAsync(needed, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Who_logs_in_again_may_still_carry_an_old_token()
    {
        using var answer = await GetAsync("echo/login", "long.over.now");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task Each_person_has_a_limit_of_their_own_wherever_they_log_in()
    {
        for (var i = 0; i < 4; i++)
        {
            using var answer = await GetAsync("echo/a", Mesh.Mesh.Authority.Token("usr_cleo", Roles.Customer));
            Assert.Equal(i < 3 ? HttpStatusCode.Accepted : HttpStatusCode.TooManyRequests, answer.StatusCode);
        }

        using var other = await GetAsync("echo/a", Mesh.Mesh.Authority.Token("usr_dora", Roles.Customer));
        Assert.Equal(HttpStatusCode.Accepted, other.StatusCode);
    }

    private string? Line(string path) => Mesh.Mesh.Log.FirstOrDefault(line => line.Contains($"GET {path}", StringComparison.Ordinal));

    private async Task<HttpResponseMessage> GetAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await Mesh.Client.SendAsync(request, Ct);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace DaprMesh.Gateway.Tests;

public sealed class HeaderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("X-User-Id", "root")]
    [InlineData("x-user-roles", "admin")]
    [InlineData("X_User_Id", "root")]
    [InlineData("X-User-ID", "root")]
    [InlineData("dapr-app-id", "catalog")]
    [InlineData("dapr-api-token", "guessed")]
    [InlineData("Dapr-Caller-App-Id", "auth")]
    [InlineData("dapr-internal-secret", "guessed")]
    [InlineData("X-Forwarded-Prefix", "/admin")]
    [InlineData("X-Original-URL", "/admin")]
    [InlineData("X-Rewrite-URL", "/admin")]
    [InlineData("X-Real-IP", "10.6.6.6")]
    [InlineData("True-Client-IP", "10.6.6.6")]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("Proxy-Authorization", "Basic abc")]
    public async Task What_callers_say_about_themselves_is_removed(string name, string value)
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "echo/headers");
        request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.Add("X-Request-Id", "42");

        var headers = await HeadersAsync(mesh.Client, request);

        Assert.DoesNotContain(value, headers.Values);
        Assert.Equal("42", headers["X-Request-Id"]);
    }

    [Fact]
    public async Task What_a_connection_header_names_belongs_to_one_hop()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var client = mesh.OverSocket();
        using var request = new HttpRequestMessage(HttpMethod.Get, "echo/headers");
        request.Headers.TryAddWithoutValidation("Connection", "X-Hop");
        request.Headers.Add("X-Hop", "here");
        request.Headers.Add("X-Stays", "there");

        var headers = await HeadersAsync(client, request);

        Assert.DoesNotContain("X-Hop", headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal("there", headers["X-Stays"]);
    }

    [Fact]
    public async Task Nobodys_word_counts_for_where_a_request_comes_from_unless_a_trusted_proxy_gives_it()
    {
        await using var open = await GatewayMesh.StartAsync();
        using var claimed = Claim();
        var untrusted = await HeadersAsync(open.Client, claimed);
        Assert.StartsWith("127.0.0.1", untrusted["X-Forwarded-For"], StringComparison.Ordinal);
        Assert.Equal("http", untrusted["X-Forwarded-Proto"]);
        Assert.DoesNotContain("shop.example", untrusted["X-Forwarded-Host"], StringComparison.Ordinal);

        await using var behind = await GatewayMesh.StartAsync(new Dictionary<string, string> { ["Gateway__TrustedProxies__0"] = "127.0.0.0/8" });
        using var told = Claim();
        var trusted = await HeadersAsync(behind.Client, told);
        Assert.StartsWith("203.0.113.9", trusted["X-Forwarded-For"], StringComparison.Ordinal);
        Assert.DoesNotContain("10.6.6.6", trusted["X-Forwarded-For"], StringComparison.Ordinal);
        Assert.Equal("https", trusted["X-Forwarded-Proto"]);
        Assert.StartsWith("shop.example", trusted["X-Forwarded-Host"], StringComparison.Ordinal);

        static HttpRequestMessage Claim()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "echo/headers");
            request.Headers.Add("X-Forwarded-For", "10.6.6.6, 203.0.113.9"); // what the caller wrote, what the proxy saw
            request.Headers.Add("X-Forwarded-Proto", "https, https");
            request.Headers.Add("X-Forwarded-Host", "evil.example, shop.example");
            return request;
        }
    }

    [Fact]
    public async Task Answers_tell_browsers_to_be_careful_and_nothing_about_servers()
    {
        await using var mesh = await GatewayMesh.StartAsync(new Dictionary<string, string> { ["Gateway__TrustedProxies__0"] = "127.0.0.1" });
        using var client = mesh.OverSocket();
        using var request = new HttpRequestMessage(HttpMethod.Get, "echo/boastful");
        using var plain = await client.SendAsync(request, Ct);

        Assert.Equal("nosniff", Assert.Single(plain.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(plain.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("SAMEORIGIN", Assert.Single(plain.Headers.GetValues("X-Frame-Options")));
        Assert.Equal(["a=1", "b=2"], plain.Headers.GetValues("Set-Cookie"));
        Assert.All(["Server", "X-Powered-By", "X-Hop", "Strict-Transport-Security"], name => Assert.False(plain.Headers.Contains(name), name));

        using var secure = new HttpRequestMessage(HttpMethod.Get, "elsewhere");
        secure.Headers.Add("X-Forwarded-For", "203.0.113.9");
        secure.Headers.Add("X-Forwarded-Proto", "https");
        using var refused = await client.SendAsync(secure, Ct);

        Assert.StartsWith("max-age=", Assert.Single(refused.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(refused.Headers.GetValues("X-Frame-Options")));
        Assert.False(refused.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_trace_that_comes_in_goes_on()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "echo/headers");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        var headers = await HeadersAsync(mesh.Client, request);

        Assert.Contains("0af7651916cd43dd8448eb211c80319c", headers["traceparent"], StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, string>> HeadersAsync(HttpClient client, HttpRequestMessage request)
    {
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var echo = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return echo.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString() ?? "", StringComparer.OrdinalIgnoreCase);
    }
}

using System.Text;

namespace DaprMesh.Gateway.Tests;

/// <summary>Requests as no client library writes them, over a plain socket.</summary>
public sealed class SmugglingTests : IAsyncLifetime
{
    private GatewayMesh? _mesh;

    private GatewayMesh Mesh => _mesh ?? throw new InvalidOperationException("The mesh is not started.");

    public async ValueTask InitializeAsync() => _mesh = await GatewayMesh.StartAsync(
        new Dictionary<string, string> { ["Gateway__Routes__/echo/secret__App"] = "echo", ["Gateway__Routes__/echo/secret__Token"] = "Required" });

    public async ValueTask DisposeAsync() => await Mesh.DisposeAsync();

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0")]
    [InlineData("Content-Length: 4\r\nContent-Length: 5")]
    [InlineData("Content-Length: 4, 5")]
    [InlineData("Content-Length: -4")]
    [InlineData("Content-Length: 0x4")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("Transfer-Encoding: \tgzip")]
    public async Task Two_ways_to_tell_the_length_are_refused_and_nothing_behind_them_is_read(string lengths)
    {
        var answer = await Mesh.RawAsync($"POST /echo/a HTTP/1.1\r\nHost: a\r\n{lengths}\r\n\r\n0\r\n\r\nGET /echo/smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (400|501) ", answer);
        Assert.Single(answer.Split("HTTP/1.1 "), part => part.Length > 0);
        Assert.Equal(0, Mesh.Echo.Calls("/echo/smuggled"));
        Assert.Equal(0, Mesh.Echo.Calls("/echo/a"));
    }

    [Theory]
    [InlineData("/echo/%2e%2e/internal")]
    [InlineData("/echo/%2E./internal")]
    [InlineData("/echo/../internal")]
    [InlineData("/echo/./x")]
    [InlineData("/echo/..%2finternal")]
    [InlineData("/echo/x%2F..%2F..%2Finternal")]
    [InlineData("/echo/..")]
    [InlineData("/echo/%2e%2e")]
    [InlineData("/echo//secret")]
    [InlineData("//echo/a")]
    [InlineData("/echo/a%00b")]
    [InlineData("/echo/a%0d%0aX-User-Id:%20root")]
    [InlineData("/echo/..%5cinternal")]
    [InlineData("/echo\\..\\internal")]
    [InlineData("/echo/a%zz")]
    [InlineData("/echo/a%2")]
    public async Task A_path_that_others_might_read_differently_is_refused(string path)
    {
        var answer = await GetAsync(path);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"target\"", answer, StringComparison.Ordinal);
    }

    [Theory, InlineData("/echo/secret"), InlineData("/ECHO/Secret/x"), InlineData("/echo/%73ecret"), InlineData("/echo/secret/a%2Fb"), InlineData("/echo/secre%74/")]
    public async Task A_rule_for_a_path_holds_for_every_spelling_of_it(string path) =>
        Assert.StartsWith("HTTP/1.1 401 ", await GetAsync(path), StringComparison.Ordinal);

    [Fact]
    public async Task A_target_in_absolute_form_counts_by_its_path()
    {
        var answer = await Mesh.RawAsync("GET http://a/echo/b?c=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"target\":\"/echo/b?c=1\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET http://catalog/echo/b HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://a HTTP/1.1\r\nHost: a")]
    [InlineData("GET http://a@b/echo/b HTTP/1.1\r\nHost: a")]
    [InlineData("GET echo/b HTTP/1.1\r\nHost: a")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a")]
    [InlineData("CONNECT a:80 HTTP/1.1\r\nHost: a:80")]
    [InlineData("GET /echo/a HTTP/1.1\r\nHost: a\r\nHost: b")]
    [InlineData("GET /echo/a HTTP/1.1")]
    [InlineData("GET /echo/a HTTP/1.1\r\nHost: a\r\nX-A: b\rX-User-Id: root")]
    [InlineData("GET /echo/a HTTP/1.1\r\nHost: a\r\nX-A: b\nX-User-Id root")]
    [InlineData("GET /echo/a HTTP/1.1\r\nHost: a\r\nX-A: b\r\n folded: c")]
    [InlineData("GET /echo/a HTTP/1.1\r\nHost: a\r\n: empty")]
    [InlineData("GET /echo/a HTTP/1.1\r\nHost: a\r\nX-A: b\0c")]
    [InlineData("G\tT /echo/a HTTP/1.1\r\nHost: a")]
    public async Task A_head_that_is_not_plain_is_refused(string head)
    {
        var answer = await Mesh.RawAsync(head + "\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", answer);
        Assert.DoesNotContain("\"target\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_request_on_a_connection_is_its_own()
    {
        var answer = await Mesh.RawAsync(
            "POST /echo/one HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /echo/two HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Contains("\"body\":\"abc\"", answer, StringComparison.Ordinal);
        Assert.Contains("/echo/two", answer, StringComparison.Ordinal);
        Assert.Equal(3, answer.Split("HTTP/1.1 202").Length);
    }

    [Fact]
    public async Task An_upgrade_to_another_protocol_is_refused()
    {
        var answer = await Mesh.RawAsync("GET /echo/a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n");

        Assert.DoesNotContain("101 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, Mesh.Echo.Calls("/echo/a"));
    }

    [Fact]
    public async Task A_credential_for_the_sidecar_in_the_authorization_header_names_no_app()
    {
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes("dapr-app-id:nowhere"));

        var answer = await Mesh.RawAsync($"GET /echo/a HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {basic}\r\nConnection: close\r\n\r\n");

        Assert.Contains("\"target\":\"/echo/a\"", answer, StringComparison.Ordinal);
    }

    private Task<string> GetAsync(string path) => Mesh.RawAsync($"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
}

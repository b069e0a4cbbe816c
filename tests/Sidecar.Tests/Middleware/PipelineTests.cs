using System.Net;

namespace DaprMesh.Sidecar.Tests.Middleware;

public sealed class PipelineTests
{
    private const string Echo = "v1.0/invoke/app/method/echo";

    [Fact]
    public async Task Over_the_limit_the_answer_is_429_with_the_limit_in_its_headers()
    {
        await using var fixture = await PipelineFixture.StartAsync("httpPipeline", "middleware.http.ratelimit", ("maxRequestsPerSecond", "0.01"));

        using var first = await fixture.Client.GetAsync(Echo, TestContext.Current.CancellationToken);
        using var second = await fixture.Client.GetAsync(Echo, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("You have reached maximum request limit.", await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("0.01", second.Headers.GetValues("X-Rate-Limit-Limit").Single());
        Assert.Equal("0", second.Headers.GetValues("RateLimit-Remaining").Single());
        Assert.StartsWith("127.0.0.1:", second.Headers.GetValues("X-Rate-Limit-Request-Remote-Addr").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_toward_the_app_is_the_answer_of_the_app()
    {
        await using var fixture = await PipelineFixture.StartAsync("appHttpPipeline", "middleware.http.ratelimit", ("maxRequestsPerSecond", "0.01"));

        var statuses = new[] { await fixture.SendAsync(HttpMethod.Get, Echo), await fixture.SendAsync(HttpMethod.Get, Echo) };

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses.Select(answer => answer.Status));
    }

    [Fact]
    public async Task A_path_has_an_alias_whose_parts_become_parameters()
    {
        await using var fixture = await PipelineFixture.StartAsync(
            "httpPipeline", "middleware.http.routeralias",
            ("routes", """{ "/hello": "/v1.0/invoke/app/method/hi", "/items/{id:[0-9]+}": "/v1.0/invoke/app/method/item" }"""));

        Assert.Equal("/hi?a=1|x", (await fixture.SendAsync(HttpMethod.Post, "hello?a=1", "x")).Text);
        Assert.Equal("/item?id=7|", (await fixture.SendAsync(HttpMethod.Get, "items/7")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.SendAsync(HttpMethod.Get, "items/seven")).Status);
    }

    [Fact]
    public async Task A_path_that_breaks_the_rule_is_a_bad_request()
    {
        await using var fixture = await PipelineFixture.StartAsync("httpPipeline", "middleware.http.routerchecker", ("rule", "^/v1.0/(invoke|healthz)"));

        Assert.Equal(HttpStatusCode.OK, (await fixture.SendAsync(HttpMethod.Get, Echo)).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid router"), await fixture.SendAsync(HttpMethod.Get, "v1.0/metadata"));
    }

    [Theory]
    [InlineData("httpPipeline", "request", "/echo|HELLO")]
    [InlineData("httpPipeline", "both", "/ECHO|HELLO")]
    [InlineData("appHttpPipeline", "request", "/echo|HELLO")]
    [InlineData("appHttpPipeline", "response", "/ECHO|HELLO")]
    public async Task Bodies_change_on_their_way(string pipeline, string direction, string expected)
    {
        await using var fixture = await PipelineFixture.StartAsync(pipeline, "middleware.http.uppercase", ("direction", direction));

        Assert.Equal((HttpStatusCode.OK, expected), await fixture.SendAsync(HttpMethod.Post, Echo, "hello"));
    }
}

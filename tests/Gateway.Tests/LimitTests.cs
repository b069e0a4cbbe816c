using System.Net;
using DaprMesh.Gateway.Limits;

namespace DaprMesh.Gateway.Tests;

public sealed class LimitTests
{
    private static readonly Dictionary<string, string> TenAMinute = new()
    {
        ["Gateway__PerAddress__Permits"] = "10", ["Gateway__PerAddress__Window"] = "00:01:00",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_back_and_may_then()
    {
        await using var mesh = await GatewayMesh.StartAsync(TenAMinute);
        mesh.Clock.Advance(TimeSpan.FromSeconds(45));
        for (var left = 9; left >= 0; left--)
        {
            using var passed = await mesh.Client.GetAsync("echo/a", Ct);
            Assert.Equal(HttpStatusCode.Accepted, passed.StatusCode);
            Assert.Equal(("10", $"{left}", "15"), Told(passed));
        }

        using var refused = await mesh.Client.GetAsync("echo/a", Ct);
        Assert.Equal("rate.exceeded", await GatewayMesh.ProblemAsync(refused, HttpStatusCode.TooManyRequests));
        Assert.Equal(TimeSpan.FromSeconds(15), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(("10", "0", "15"), Told(refused));

        mesh.Clock.Advance(TimeSpan.FromSeconds(15));
        using var again = await mesh.Client.GetAsync("echo/a", Ct);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }

    [Theory, InlineData(10), InlineData(200)]
    public async Task Replicas_together_let_no_more_through_than_the_limit(int limit)
    {
        await using var mesh = await GatewayMesh.StartAsync(
            new Dictionary<string, string> { ["Gateway__PerAddress__Permits"] = $"{limit}" }, gateways: 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, limit * 3).Select(async i =>
        {
            using var answer = await mesh.Mesh.App("gateway", i % 2).GetAsync("echo/a", Ct);
            return answer.StatusCode;
        }));

        var passed = answers.Count(status => status == HttpStatusCode.Accepted);
        Assert.DoesNotContain(mesh.Mesh.Log, line => line.Contains("limits on its own", StringComparison.Ordinal));
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.Accepted or HttpStatusCode.TooManyRequests, $"{status}"));
        Assert.Equal(limit, passed);
        Assert.Equal(limit, mesh.Echo.Calls("/echo/a"));
    }

    [Fact]
    public async Task What_one_replica_has_let_through_counts_for_the_other()
    {
        await using var mesh = await GatewayMesh.StartAsync(TenAMinute, gateways: 2);
        for (var i = 0; i < 10; i++)
        {
            using var passed = await mesh.Mesh.App("gateway").GetAsync("echo/a", Ct);
            Assert.Equal(HttpStatusCode.Accepted, passed.StatusCode);
        }

        using var elsewhere = await mesh.Mesh.App("gateway", replica: 1).GetAsync("echo/a", Ct);
        await GatewayMesh.ProblemAsync(elsewhere, HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task While_the_store_is_down_each_replica_limits_on_its_own_and_says_so()
    {
        await using var mesh = await GatewayMesh.StartAsync(TenAMinute);
        mesh.Mesh.Faults.Fail("statestore", times: 1000);

        for (var i = 0; i < 10; i++)
        {
            using var passed = await mesh.Client.GetAsync("echo/a", Ct);
            Assert.Equal(HttpStatusCode.Accepted, passed.StatusCode);
        }

        using var refused = await mesh.Client.GetAsync("echo/a", Ct);
        await GatewayMesh.ProblemAsync(refused, HttpStatusCode.TooManyRequests);
        Assert.Contains(mesh.Mesh.Log, line => line.Contains("this replica limits on its own", StringComparison.Ordinal));
        Assert.Contains("gateway_limits_local", await mesh.Client.GetStringAsync("metrics", Ct), StringComparison.Ordinal);

        mesh.Mesh.Faults.Clear();
        mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        using var again = await mesh.Client.GetAsync("echo/a", Ct);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Contains(mesh.Mesh.Log, line => line.Contains("replicas share them", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_route_has_a_limit_of_its_own()
    {
        await using var mesh = await GatewayMesh.StartAsync(new Dictionary<string, string>
        {
            ["Gateway__Routes__/echo/few__App"] = "echo", ["Gateway__Routes__/echo/few__Limit__Permits"] = "1", ["Gateway__Routes__/echo/few__Limit__Window"] = "00:00:10",
        });
        using var first = await mesh.Client.GetAsync("echo/few", Ct);
        using var second = await mesh.Client.GetAsync("echo/few", Ct);
        using var elsewhere = await mesh.Client.GetAsync("echo/many", Ct);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests, HttpStatusCode.Accepted), (first.StatusCode, second.StatusCode, elsewhere.StatusCode));
    }

    [Fact]
    public async Task Probes_are_not_counted()
    {
        await using var mesh = await GatewayMesh.StartAsync(TenAMinute);
        for (var i = 0; i < 20; i++)
        {
            using var probe = await mesh.Client.GetAsync("healthz/live", Ct);
            Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        }
    }

    [Fact]
    public async Task Addresses_that_a_trusted_proxy_tells_are_counted_apart()
    {
        await using var mesh = await GatewayMesh.StartAsync(new Dictionary<string, string>(TenAMinute) { ["Gateway__TrustedProxies__0"] = "127.0.0.1" });
        for (var i = 0; i < 20; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "echo/a");
            request.Headers.Add("X-Forwarded-For", $"203.0.113.{i}");
            using var passed = await mesh.Client.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.Accepted, passed.StatusCode);
        }
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void An_ipv6_network_counts_as_one_address(string address, string counted) =>
        Assert.Equal(counted, LimitGate.Network(IPAddress.Parse(address)));

    private static (string Limit, string Remaining, string Reset) Told(HttpResponseMessage answer) =>
        (One(answer, "RateLimit-Limit"), One(answer, "RateLimit-Remaining"), One(answer, "RateLimit-Reset"));

    private static string One(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}

using DaprMesh.Testing;

namespace DaprMesh.Auth.Tests;

public sealed class FeedTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_feed_waits_for_a_change_and_wakes_at_once()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var tokens = await auth.NewcomerAsync(Ct);
        using var first = await auth.GetAsync("internal/security-feed?after=0", Ct, app: "catalog");
        var feed = await AuthMesh.JsonAsync(first, Ct);
        var cursor = feed.GetProperty("cursor").GetInt64();
        Assert.Single(feed.GetProperty("keys").GetProperty("keys").EnumerateArray());
        Assert.Contains(feed.GetProperty("rolePermissions").GetProperty("admin").EnumerateArray(), permission => permission.GetString() == "audit.read");

        using var nothing = await auth.GetAsync($"internal/security-feed?after={cursor}", Ct, app: "catalog");
        Assert.Equal(204, (int)nothing.StatusCode);

        var waiting = auth.GetAsync($"internal/security-feed?after={cursor}&wait=20s", Ct, app: "catalog");
        var started = TimeProvider.System.GetTimestamp();
        await auth.StatusAsync(HttpMethod.Post, "auth/logout", Ct, tokens.Access);
        using var woken = await waiting;
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        var news = await AuthMesh.JsonAsync(woken, Ct);
        Assert.Contains(tokens.SessionId, news.ToString(), StringComparison.Ordinal);

        using var later = await auth.GetAsync($"internal/security-feed?after={news.GetProperty("cursor").GetInt64() + 1000}", Ct, app: "catalog");
        Assert.Equal(200, (int)later.StatusCode); // a cursor from another history: everything again
        using var stranger = await auth.GetAsync("internal/security-feed", Ct);
        Assert.Equal(403, (int)stranger.StatusCode);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_those_who_wait()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        using var first = await auth.GetAsync("internal/security-feed?after=0", Ct, app: "catalog");
        var cursor = (await AuthMesh.JsonAsync(first, Ct)).GetProperty("cursor").GetInt64();
        var waiting = auth.GetAsync($"internal/security-feed?after={cursor}&wait=60s", Ct, app: "catalog");
        var started = TimeProvider.System.GetTimestamp();
        await auth.Mesh.RestartAsync("auth", Ct);
        using var answer = await waiting;
        Assert.Equal(204, (int)answer.StatusCode);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Every_event_is_published_once_committed_in_the_order_of_its_account()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var tokens = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => auth.NewcomerAsync(Ct)));
        await Task.WhenAll(tokens.Select(one => auth.StatusAsync(HttpMethod.Post, "auth/logout", Ct, one.Access)));
        await Eventually.TrueAsync(() => auth.Mesh.Events.Published.Count(one => one.Topic == "session-revoked") == 10, Ct);
        foreach (var one in tokens)
        {
            Assert.Equal(
                ["account-registered", "session-started", "session-revoked"],
                auth.Mesh.Events.Published
                    .Where(published => published.Content.Data.TryGetProperty("userId", out var user) && user.GetString() == one.UserId).Select(published => published.Topic));
        }
    }

    [Fact]
    public async Task Events_wait_for_a_broker_that_is_down()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        auth.Mesh.Faults.Fail("pubsub", times: 3);
        await auth.NewcomerAsync(Ct);
        await Eventually.TrueAsync(() => auth.Mesh.Events.Published.Any(one => one.Topic == "session-started"), Ct);
    }
}

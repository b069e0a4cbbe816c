using DaprMesh.Testing;

namespace DaprMesh.Auth.Tests;

public sealed class SessionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refresh_token_gives_a_new_one_each_time()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var first = await auth.NewcomerAsync(Ct);
        var second = await auth.RefreshAsync(first.Refresh, Ct);
        var third = await auth.RefreshAsync(second.Refresh, Ct);
        Assert.Equal(3, new HashSet<string> { first.Refresh, second.Refresh, third.Refresh }.Count);
        Assert.Equal(first.SessionId, third.SessionId);
        Assert.Equal(200, await ValidateAsync(auth, third.Access));
    }

    [Fact]
    public async Task Who_lost_the_answer_gets_the_same_successor_again_for_a_moment()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var first = await auth.NewcomerAsync(Ct);
        var second = await auth.RefreshAsync(first.Refresh, Ct);
        auth.Mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        var again = await auth.RefreshAsync(first.Refresh, Ct);
        Assert.Equal(second.Refresh, again.Refresh);
        var many = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => auth.RefreshAsync(second.Refresh, Ct)));
        Assert.Single(many.Select(one => one.Refresh).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refresh_token_from_before_ends_the_whole_session(bool isSuccessorUsed)
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var other = await auth.NewcomerAsync(Ct);
        var first = await auth.NewcomerAsync(Ct);
        var last = await auth.RefreshAsync(first.Refresh, Ct);
        if (isSuccessorUsed)
        {
            last = await auth.RefreshAsync(last.Refresh, Ct);
        }
        else
        {
            auth.Mesh.Clock.Advance(TimeSpan.FromSeconds(11));
        }

        Assert.Equal(401, await RefreshStatusAsync(auth, first.Refresh));
        Assert.Equal(401, await RefreshStatusAsync(auth, last.Refresh));
        await Eventually.TrueAsync(async () => await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, last.Access) == 401, Ct);
        Assert.Equal(200, await RefreshStatusAsync(auth, other.Refresh));

        await Eventually.TrueAsync(() => auth.Mesh.Events.Published.Any(published => published.Topic == "refresh-token-reused"), Ct);
        using var metrics = await auth.GetAsync("metrics", Ct);
        Assert.Contains("auth_refresh_tokens_reused", await metrics.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logging_out_ends_this_session_and_all_of_them_when_asked()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var name = AuthMesh.NewName();
        await auth.RegisterAsync(name, Ct);
        var here = await auth.LoginAsync(name, Ct);
        var phone = await auth.LoginAsync(name, Ct);
        var tablet = await auth.LoginAsync(name, Ct);

        Assert.Equal(204, await auth.StatusAsync(HttpMethod.Post, "auth/logout", Ct, here.Access));
        await EndsAsync(auth, here);
        Assert.Equal(200, await RefreshStatusAsync(auth, phone.Refresh));

        Assert.Equal(204, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/logout?all=true", Ct, tablet.Access));
        await EndsAsync(auth, phone);
        await EndsAsync(auth, tablet);
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/logout", Ct, here.Access));
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/logout", Ct));
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_by_their_owner_and_to_others_they_are_not_there()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var name = AuthMesh.NewName();
        await auth.RegisterAsync(name, Ct);
        var here = await auth.LoginAsync(name, Ct);
        var phone = await auth.LoginAsync(name, Ct);
        var stranger = await auth.NewcomerAsync(Ct);

        using var answer = await auth.GetAsync("api/v1/auth/sessions", Ct, here.Access);
        var sessions = (await AuthMesh.JsonAsync(answer, Ct)).EnumerateArray().ToList();
        Assert.Equal(2, sessions.Count);
        Assert.Equal(here.SessionId, Assert.Single(sessions, one => one.GetProperty("isCurrent").GetBoolean()).GetProperty("sessionId").GetString());

        Assert.Equal(403, await auth.StatusAsync(HttpMethod.Get, $"api/v1/auth/sessions?userId={here.UserId}", Ct, stranger.Access));
        Assert.Equal(404, await auth.StatusAsync(HttpMethod.Delete, $"api/v1/auth/sessions/{phone.SessionId}", Ct, stranger.Access));
        Assert.Equal(404, await auth.StatusAsync(HttpMethod.Delete, "api/v1/auth/sessions/ses_unknown", Ct, stranger.Access));
        Assert.Equal(204, await auth.StatusAsync(HttpMethod.Delete, $"api/v1/auth/sessions/{phone.SessionId}", Ct, here.Access));
        await EndsAsync(auth, phone);

        var admin = await auth.AdminAsync(Ct);
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Get, $"api/v1/auth/sessions?userId={here.UserId}", Ct, admin.Access));
        Assert.Equal(204, await auth.StatusAsync(HttpMethod.Delete, $"api/v1/auth/sessions/{here.SessionId}", Ct, admin.Access));
        await EndsAsync(auth, here);
    }

    [Fact]
    public async Task Access_tokens_live_15_minutes_and_refresh_tokens_30_days()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var tokens = await auth.NewcomerAsync(Ct);
        auth.Mesh.Clock.Advance(TimeSpan.FromMinutes(14.9));
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, tokens.Access));
        auth.Mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, tokens.Access));

        auth.Mesh.Clock.Advance(TimeSpan.FromDays(29.9));
        tokens = await auth.RefreshAsync(tokens.Refresh, Ct);
        auth.Mesh.Clock.Advance(TimeSpan.FromDays(30.1));
        Assert.Equal(401, await RefreshStatusAsync(auth, tokens.Refresh));
    }

    [Fact]
    public async Task Lives_of_tokens_are_set_by_the_names_of_the_first_version()
    {
        await using var auth = await AuthMesh.StartAsync(Ct, app =>
        {
            app.Settings["ACCESS_TOKEN_EXPIRE_MINUTES"] = "2";
            app.Settings["REFRESH_TOKEN_EXPIRE_DAYS"] = "1";
        });
        var tokens = await auth.NewcomerAsync(Ct);
        auth.Mesh.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, tokens.Access));
        auth.Mesh.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(401, await RefreshStatusAsync(auth, tokens.Refresh));
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sessions()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var name = AuthMesh.NewName();
        await auth.RegisterAsync(name, Ct);
        var here = await auth.LoginAsync(name, Ct);
        var phone = await auth.LoginAsync(name, Ct);
        const string Next = "another long password";
        Assert.Equal(403, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/password", Ct, here.Access, new { currentPassword = "wrong", newPassword = Next }));
        Assert.Equal(400, await auth.StatusAsync(
            HttpMethod.Post, "api/v1/auth/password", Ct, here.Access, new { currentPassword = AuthMesh.Password, newPassword = "short" }));
        Assert.Equal(204, await auth.StatusAsync(
            HttpMethod.Post, "api/v1/auth/password", Ct, here.Access, new { currentPassword = AuthMesh.Password, newPassword = Next }));
        await EndsAsync(auth, phone);
        Assert.Equal(200, await RefreshStatusAsync(auth, here.Refresh));
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = name, password = AuthMesh.Password }));
        await auth.LoginAsync(name, Ct, Next);
    }

    [Fact]
    public async Task Live_sessions_are_a_gauge_and_logins_are_counted_by_outcome()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        await auth.NewcomerAsync(Ct);
        var second = await auth.NewcomerAsync(Ct);
        await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = "nobody", password = "nothing at all" });
        await auth.StatusAsync(HttpMethod.Post, "auth/logout", Ct, second.Access);
        using var answer = await auth.GetAsync("metrics", Ct);
        var lines = (await answer.Content.ReadAsStringAsync(Ct)).Split('\n');
        Assert.Contains(lines, line => line.StartsWith("auth_sessions_active", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("auth_logins", StringComparison.Ordinal) && line.Contains("\"succeeded\"", StringComparison.Ordinal) && line.EndsWith(" 2", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("auth_logins", StringComparison.Ordinal) && line.Contains("\"failed\"", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
    }

    private static Task<int> RefreshStatusAsync(AuthMesh auth, string refreshToken) =>
        auth.StatusAsync(HttpMethod.Post, "api/v1/auth/refresh", Ct, body: new { refreshToken });

    private static Task<int> ValidateAsync(AuthMesh auth, string token) => auth.StatusAsync(HttpMethod.Post, "auth/validate", Ct, token);

    private static async Task EndsAsync(AuthMesh auth, Tokens tokens)
    {
        Assert.Equal(401, await RefreshStatusAsync(auth, tokens.Refresh));
        await Eventually.TrueAsync(async () => await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, tokens.Access) == 401, Ct);
    }
}

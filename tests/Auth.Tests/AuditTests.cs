using DaprMesh.Auth.Audit;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Auth.Tests;

public sealed class AuditTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_happens_to_identities_is_in_the_audit_without_a_secret()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var name = AuthMesh.NewName();
        var id = await auth.RegisterAsync(name, Ct);
        var tokens = await auth.LoginAsync(name, Ct);
        await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = name, password = "guess number one" });
        await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = "my secret as name", password = "guess number two" });
        var next = await auth.RefreshAsync(tokens.Refresh, Ct);
        await auth.StatusAsync(HttpMethod.Post, "auth/logout", Ct, next.Access);
        var admin = await auth.AdminAsync(Ct);

        using var answer = await auth.GetAsync($"api/v1/auth/audit?userId={id}", Ct, admin.Access);
        var items = (await AuthMesh.JsonAsync(answer, Ct)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(
            ["session.ended", "session.refreshed", "login.failed", "login.succeeded", "account.registered"],
            items.Select(item => item.GetProperty("kind").GetString()));
        Assert.All(items, item => Assert.Equal(32, item.GetProperty("traceId").GetString()?.Length));

        using var all = await auth.GetAsync("api/v1/auth/audit?limit=500", Ct, admin.Access);
        var text = await all.Content.ReadAsStringAsync(Ct) + string.Join('\n', auth.Mesh.Log) + string.Join('\n', auth.Mesh.Events.Published.Select(one => one.Content.Data.ToString()));
        foreach (var secret in new[] { AuthMesh.Password, AuthMesh.AdminPassword, "guess number", "my secret as name", tokens.Refresh, next.Refresh, tokens.Access, "AQAAAA" })
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_audit_comes_in_pages_and_by_filters()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        for (var i = 0; i < 5; i++)
        {
            await auth.RegisterAsync(AuthMesh.NewName(), Ct);
            auth.Mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var admin = await auth.AdminAsync(Ct);
        var seen = new List<long>();
        string? cursor = null;
        do
        {
            using var answer = await auth.GetAsync($"api/v1/auth/audit?kind=account.registered&limit=2{(cursor is null ? "" : "&cursor=" + cursor)}", Ct, admin.Access);
            var page = await AuthMesh.JsonAsync(answer, Ct);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("seq").GetInt64()));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        Assert.Equal(6, seen.Count);
        Assert.Equal(seen.Order().Reverse(), seen);

        using var late = await auth.GetAsync("api/v1/auth/audit?kind=account.registered&from=2026-01-01T00:02:30Z&to=2026-01-01T00:03:30Z", Ct, admin.Access);
        Assert.Equal(1, (await AuthMesh.JsonAsync(late, Ct)).GetProperty("items").GetArrayLength());
        Assert.Equal(400, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/audit?limit=0", Ct, admin.Access));
        Assert.Equal(400, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/audit?cursor=x", Ct, admin.Access));
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/audit", Ct));
    }

    [Theory]
    [InlineData("UPDATE audit SET detail = 'nothing' WHERE seq = 3", 3, "changed")]
    [InlineData("DELETE FROM audit WHERE seq = 2", 3, "missing")]
    [InlineData("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", 0, "end")]
    [InlineData("UPDATE audit SET account_id = NULL WHERE seq = 4", 4, "changed")]
    public async Task A_row_that_was_changed_cut_out_or_cut_off_shows(string sql, long seq, string reason)
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        for (var i = 0; i < 3; i++)
        {
            await auth.NewcomerAsync(Ct);
        }

        var admin = await auth.AdminAsync(Ct);
        using var whole = await auth.GetAsync("api/v1/auth/audit/verify", Ct, admin.Access);
        var verdict = await AuthMesh.JsonAsync(whole, Ct);
        Assert.True(verdict.GetProperty("valid").GetBoolean());
        Assert.True(verdict.GetProperty("rows").GetInt64() > 8);

        await using (var connection = new SqliteConnection($"Data Source={auth.DatabasePath};Pooling=False"))
        {
            await connection.OpenAsync(Ct);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(Ct);
        }

        using var broken = await auth.GetAsync("api/v1/auth/audit/verify", Ct, admin.Access);
        verdict = await AuthMesh.JsonAsync(broken, Ct);
        Assert.False(verdict.GetProperty("valid").GetBoolean());
        var first = verdict.GetProperty("firstBroken");
        Assert.Contains(reason, first.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(seq == 0 ? verdict.GetProperty("rows").GetInt64() + 1 : seq, first.GetProperty("seq").GetInt64());
    }

    [Fact]
    public void A_letter_cannot_move_from_one_field_to_the_next()
    {
        var at = DateTimeOffset.UnixEpoch;
        var one = new AuditEntry(1, at, "kind", "ab", "c", null, null, null, null);
        Assert.NotEqual(one.HashAfter(AuditEntry.Genesis), (one with { AccountId = "a", SessionId = "bc" }).HashAfter(AuditEntry.Genesis));
        Assert.NotEqual(one.HashAfter(AuditEntry.Genesis), (one with { ActorId = "" }).HashAfter(AuditEntry.Genesis));
    }
}

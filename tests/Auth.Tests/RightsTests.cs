using System.Text.Json;
using DaprMesh.Testing;

namespace DaprMesh.Auth.Tests;

public sealed class RightsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Anybody_may_have_their_own_token_validated_and_only_apps_and_administrators_any()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var one = await auth.NewcomerAsync(Ct);
        var two = await auth.NewcomerAsync(Ct);
        var admin = await auth.AdminAsync(Ct);

        foreach (var path in new[] { "auth/validate", "api/v1/auth/validate" })
        {
            var own = await ValidateAsync(auth, path, null, token: one.Access);
            Assert.True(own.GetProperty("active").GetBoolean());
            Assert.Equal(one.UserId, own.GetProperty("sub").GetString());
            Assert.Equal("customer", own.GetProperty("roles")[0].GetString());
            Assert.True((await ValidateAsync(auth, path, one.Access, token: one.Access)).GetProperty("active").GetBoolean());
            Assert.True((await ValidateAsync(auth, path, one.Access, app: "crm")).GetProperty("active").GetBoolean());
            Assert.True((await ValidateAsync(auth, path, one.Access, token: admin.Access)).GetProperty("active").GetBoolean());
            Assert.False((await ValidateAsync(auth, path, one.Access + "x", app: "crm")).GetProperty("active").GetBoolean());

            using var asForm = await auth.PostAsync(path, AuthMesh.Form(("token", one.Access)), Ct, app: "crm");
            Assert.True((await AuthMesh.JsonAsync(asForm, Ct)).GetProperty("active").GetBoolean());

            Assert.Equal(403, await auth.StatusAsync(HttpMethod.Post, path, Ct, two.Access, new { token = one.Access }));
            Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, path, Ct, body: new { token = one.Access }));
            Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, path, Ct));
            using var stranger = await auth.PostAsync(path, new { token = one.Access }, Ct, app: "gateway");
            Assert.Equal(401, (int)stranger.StatusCode);
        }
    }

    [Fact]
    public async Task A_token_of_an_ended_session_is_not_active()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var one = await auth.NewcomerAsync(Ct);
        await auth.StatusAsync(HttpMethod.Post, "auth/logout", Ct, one.Access);
        await Eventually.TrueAsync(async () => !(await ValidateAsync(auth, "auth/validate", one.Access, app: "crm")).GetProperty("active").GetBoolean(), Ct);
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Post, "auth/validate", Ct, one.Access)); // asks about itself: active is false
    }

    [Fact]
    public async Task Permissions_are_answered_from_the_table()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var one = await auth.NewcomerAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        Assert.False(await MayAsync(auth, new { permission = "audit.read" }, one.Access));
        Assert.True(await MayAsync(auth, new { permission = "audit.read" }, admin.Access));
        Assert.False(await MayAsync(auth, new { permission = "audit.read", userId = one.UserId }, admin.Access));
        Assert.True(await MayAsync(auth, new { permission = "audit.read", userId = admin.UserId }, null, "orders"));
        Assert.Equal(403, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/check-permission", Ct, one.Access, new { permission = "audit.read", userId = admin.UserId }));
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/check-permission", Ct, body: new { permission = "audit.read" }));
        Assert.Equal(400, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/check-permission", Ct, one.Access, new { }));
    }

    [Fact]
    public async Task Other_roles_count_for_tokens_that_are_already_out()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var one = await auth.NewcomerAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        Assert.Equal(403, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/audit", Ct, one.Access));
        Assert.Equal(403, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{one.UserId}/roles", Ct, one.Access, new { roles = new[] { "admin" } }));
        Assert.Equal(422, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{one.UserId}/roles", Ct, admin.Access, new { roles = new[] { "king" } }));
        Assert.Equal(404, await auth.StatusAsync(HttpMethod.Put, "api/v1/auth/accounts/usr_0/roles", Ct, admin.Access, new { roles = new[] { "staff" } }));

        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{one.UserId}/roles", Ct, admin.Access, new { roles = new[] { "admin" } }));
        await Eventually.TrueAsync(async () => await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/audit", Ct, one.Access) == 200, Ct);
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{one.UserId}/roles", Ct, admin.Access, new { roles = new[] { "customer" } }));
        await Eventually.TrueAsync(async () => await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/audit", Ct, one.Access) == 403, Ct);
        await Eventually.TrueAsync(() => auth.Mesh.Events.Published.Count(published => published.Topic == "account-roles-changed") == 2, Ct);
    }

    [Fact]
    public async Task A_blocked_account_is_out_at_once_and_cannot_come_back()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var name = AuthMesh.NewName();
        await auth.RegisterAsync(name, Ct);
        var one = await auth.LoginAsync(name, Ct);
        var admin = await auth.AdminAsync(Ct);
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{one.UserId}/block", Ct, admin.Access, new { isBlocked = true }));
        await Eventually.TrueAsync(async () => await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, one.Access) == 401, Ct);
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/refresh", Ct, body: new { refreshToken = one.Refresh }));
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = name, password = AuthMesh.Password }));
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{one.UserId}/block", Ct, admin.Access, new { isBlocked = false }));
        await auth.LoginAsync(name, Ct);
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        Assert.Equal(409, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{admin.UserId}/roles", Ct, admin.Access, new { roles = new[] { "staff" } }));
        Assert.Equal(409, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{admin.UserId}/block", Ct, admin.Access, new { isBlocked = true }));
        Assert.Equal(409, await auth.StatusAsync(HttpMethod.Put, "api/v1/auth/roles/admin", Ct, admin.Access, new { permissions = Array.Empty<string>() }));
    }

    [Fact]
    public async Task What_a_role_may_do_can_be_changed_and_counts_at_once()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var one = await auth.NewcomerAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        Assert.Equal(422, await auth.StatusAsync(HttpMethod.Put, "api/v1/auth/roles/customer", Ct, admin.Access, new { permissions = new[] { "fly" } }));
        Assert.Equal(422, await auth.StatusAsync(HttpMethod.Put, "api/v1/auth/roles/customer", Ct, admin.Access, new { }));
        Assert.Equal(422, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{admin.UserId}/roles", Ct, admin.Access, new { }));
        Assert.Equal(400, await auth.StatusAsync(HttpMethod.Put, $"api/v1/auth/accounts/{admin.UserId}/block", Ct, admin.Access, new { }));
        Assert.Equal(404, await auth.StatusAsync(HttpMethod.Put, "api/v1/auth/roles/king", Ct, admin.Access, new { permissions = Array.Empty<string>() }));
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Put, "api/v1/auth/roles/customer", Ct, admin.Access, new { permissions = new[] { "audit.read" } }));
        await Eventually.TrueAsync(async () => await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/audit", Ct, one.Access) == 200, Ct);
        using var roles = await auth.GetAsync("api/v1/auth/roles", Ct, admin.Access);
        Assert.Equal(6, (await AuthMesh.JsonAsync(roles, Ct)).GetArrayLength());
    }

    [Fact]
    public async Task An_account_is_shown_to_its_owner_and_to_who_may_read_accounts()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var one = await auth.NewcomerAsync(Ct);
        var two = await auth.NewcomerAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        using var answer = await auth.GetAsync($"api/v1/auth/accounts/{one.UserId}", Ct, one.Access);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Contains(one.UserId, text, StringComparison.Ordinal);
        Assert.DoesNotContain("AQAAAA", text, StringComparison.Ordinal);
        Assert.Equal(403, await auth.StatusAsync(HttpMethod.Get, $"api/v1/auth/accounts/{one.UserId}", Ct, two.Access));
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Get, $"api/v1/auth/accounts/{one.UserId}", Ct, admin.Access));
        Assert.Equal(404, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/accounts/usr_0", Ct, admin.Access));
    }

    private static async Task<bool> MayAsync(AuthMesh auth, object body, string? token, string? app = null)
    {
        using var answer = await auth.PostAsync("api/v1/auth/check-permission", body, Ct, token, app);
        Assert.Equal(200, (int)answer.StatusCode);
        return (await AuthMesh.JsonAsync(answer, Ct)).GetProperty("allowed").GetBoolean();
    }

    private static async Task<JsonElement> ValidateAsync(AuthMesh auth, string path, string? asked, string? token = null, string? app = null)
    {
        using var answer = await auth.PostAsync(path, asked is null ? null : new { token = asked }, Ct, token, app);
        Assert.Equal(200, (int)answer.StatusCode);
        return await AuthMesh.JsonAsync(answer, Ct);
    }
}

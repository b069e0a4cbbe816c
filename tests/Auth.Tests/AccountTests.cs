using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Auth.Tests;

public sealed class AccountTests
{
    private const string Id = "usr_0190a1b2c3d4";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Users_makes_an_account_be_as_it_says_and_the_same_again_changes_nothing()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        object wanted = new { username = "mila", email = "mila@example.org", fullName = "Mila", roles = new[] { "student" }, password = AuthMesh.Password };
        for (var i = 0; i < 3; i++)
        {
            using var answer = await auth.PutAsync($"internal/accounts/{Id}", wanted, Ct, app: "users");
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Equal(Id, (await AuthMesh.JsonAsync(answer, Ct)).GetProperty("userId").GetString());
        }

        using var found = await auth.GetAsync($"internal/accounts/{Id}", Ct, app: "users");
        Assert.Equal("student", (await AuthMesh.JsonAsync(found, Ct)).GetProperty("roles")[0].GetString());
        using var unknown = await auth.GetAsync("internal/accounts/usr_0", Ct, app: "users");
        Assert.Equal(404, (int)unknown.StatusCode);
        var tokens = await auth.LoginAsync("mila@example.org", Ct);
        Assert.Equal(Id, tokens.UserId);
        var admin = await auth.AdminAsync(Ct);
        using var audit = await auth.GetAsync($"api/v1/auth/audit?userId={Id}", Ct, admin.Access);
        Assert.Equal(2, (await AuthMesh.JsonAsync(audit, Ct)).GetProperty("items").GetArrayLength());

        using var renamed = await auth.PutAsync($"internal/accounts/{Id}", new { username = "mila2", email = "mila@example.org", fullName = "Mila", roles = new[] { "tutor" } }, Ct, app: "users");
        Assert.Equal(200, (int)renamed.StatusCode);
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = "mila", password = AuthMesh.Password }));
        await auth.LoginAsync("mila2", Ct);
        await Eventually.TrueAsync(() => auth.Mesh.Events.Published.Any(one => one.Topic == "account-roles-changed"), Ct);
    }

    [Fact]
    public async Task One_address_registers_only_so_many_accounts_through_users_and_directly_together()
    {
        await using var auth = await AuthMesh.StartAsync(Ct, app => app.Settings["Auth__RegistrationsPerHour"] = "2");
        using var first = await auth.PutAsync($"internal/accounts/{Id}1", new { username = "first", registeredFrom = "203.0.113.9" }, Ct, app: "users");
        Assert.Equal("customer", (await AuthMesh.JsonAsync(first, Ct)).GetProperty("roles")[0].GetString());
        using var again = await auth.PutAsync($"internal/accounts/{Id}1", new { username = "first", registeredFrom = "203.0.113.9" }, Ct, app: "users");
        using var second = await auth.SendAsync(HttpMethod.Post, "auth/register", new { username = "second", password = AuthMesh.Password }, Ct, address: "203.0.113.9");
        Assert.Equal([200, 201], new[] { (int)again.StatusCode, (int)second.StatusCode });
        using var third = await auth.PutAsync($"internal/accounts/{Id}3", new { username = "third", registeredFrom = "203.0.113.9" }, Ct, app: "users");
        using var fourth = await auth.SendAsync(HttpMethod.Post, "auth/register", new { username = "fourth", password = AuthMesh.Password }, Ct, address: "203.0.113.9");
        Assert.Equal([429, 429], new[] { (int)third.StatusCode, (int)fourth.StatusCode });
        using var elsewhere = await auth.PutAsync($"internal/accounts/{Id}3", new { username = "third", registeredFrom = "203.0.113.10" }, Ct, app: "users");
        Assert.Equal(200, (int)elsewhere.StatusCode);
    }

    [Fact]
    public async Task Only_users_may()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        var wanted = new { username = "mila", roles = new[] { "admin" } };
        foreach (var app in new[] { "gateway", "catalog", null })
        {
            using var put = await auth.PutAsync($"internal/accounts/{Id}", wanted, Ct, admin.Access, app);
            using var delete = await auth.DeleteAsync($"internal/accounts/{Id}", Ct, admin.Access, app);
            Assert.Equal(403, (int)put.StatusCode);
            Assert.Equal(403, (int)delete.StatusCode);
        }
    }

    [Fact]
    public async Task Another_password_from_users_ends_the_sessions_and_the_same_one_does_not()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        object Wanted(string password) => new { username = "mila", password };
        using var made = await auth.PutAsync($"internal/accounts/{Id}", Wanted(AuthMesh.Password), Ct, app: "users");
        var tokens = await auth.LoginAsync("mila", Ct);
        using var same = await auth.PutAsync($"internal/accounts/{Id}", Wanted(AuthMesh.Password), Ct, app: "users");
        tokens = await auth.RefreshAsync(tokens.Refresh, Ct);
        using var other = await auth.PutAsync($"internal/accounts/{Id}", Wanted("another long password"), Ct, app: "users");
        Assert.Equal(200, (int)other.StatusCode);
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/refresh", Ct, body: new { refreshToken = tokens.Refresh }));
        await auth.LoginAsync("mila", Ct, "another long password");
    }

    [Fact]
    public async Task A_refused_change_changes_nothing()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        using var answer = await auth.PutAsync($"internal/accounts/{admin.UserId}", new { username = "root", roles = new[] { "customer" } }, Ct, app: "users");
        Assert.Equal(409, (int)answer.StatusCode);
        Assert.Equal(admin.UserId, (await auth.AdminAsync(Ct)).UserId);
    }

    [Fact]
    public async Task What_users_sends_is_checked()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        await auth.RegisterAsync("taken", Ct);
        foreach (var (id, body, status) in new (string, object, int)[]
        {
            (Id, new { username = "x", roles = new[] { "student" } }, 400),
            (Id, new { username = "mila", roles = new[] { "king" } }, 400),
            (Id, new { username = "mila", email = "nowhere", roles = new[] { "student" } }, 400),
            (Id, new { username = "mila", password = "short", roles = new[] { "student" } }, 400),
            ("mila", new { username = "mila", roles = new[] { "student" } }, 400),
            (Id, new { username = "TAKEN", roles = new[] { "student" } }, 409),
        })
        {
            using var answer = await auth.PutAsync($"internal/accounts/{id}", body, Ct, app: "users");
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_deleted_account_is_out_at_once()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var tokens = await auth.NewcomerAsync(Ct);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await auth.DeleteAsync($"internal/accounts/{tokens.UserId}", Ct, app: "users");
            Assert.Equal(204, (int)answer.StatusCode);
        }

        await Eventually.TrueAsync(async () => await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, tokens.Access) == 401, Ct);
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/refresh", Ct, body: new { refreshToken = tokens.Refresh }));
        await Eventually.TrueAsync(() => auth.Mesh.Events.Published.Count(one => one.Topic == "account-deleted") == 1, Ct);
    }

    [Fact]
    public async Task An_access_code_logs_in_whom_users_names()
    {
        var attempts = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var auth = await AuthMesh.StartAsync(
            Ct,
            describe: plan => plan.App("users", app => app.MapPost("/api/v1/users/validate-access-code", (CodeBody body) =>
            {
                attempts.Add(body.AttemptId);
                return body.Code switch
                {
                    "GOOD" => Results.Json(new { userId = Id, roles = new[] { "student" } }),
                    "ONCE-FAILING" when attempts.Count(attempt => attempt == body.AttemptId) == 1 => Results.StatusCode(503),
                    "ONCE-FAILING" => Results.Json(new { userId = Id }),
                    "DOWN" => Results.StatusCode(500),
                    "MANY" => Results.StatusCode(429),
                    _ => Results.StatusCode(404),
                };
            })));
        using var made = await auth.PutAsync($"internal/accounts/{Id}", new { username = "pupil", roles = new[] { "student" } }, Ct, app: "users");
        Assert.Equal(200, (int)made.StatusCode);

        foreach (var body in new object[] { new { accessCode = "GOOD" }, new { code = "GOOD" }, new { accessCode = "ONCE-FAILING" }, AuthMesh.Form(("access_code", "GOOD")) })
        {
            using var answer = await auth.PostAsync("api/v1/auth/login", body, Ct);
            Assert.Equal(Id, (await AuthMesh.TokensAsync(answer, Ct)).UserId);
        }

        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/login", Ct, body: new { accessCode = "WRONG" }));
        Assert.Equal(400, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/login", Ct, body: new { accessCode = "GOOD", username = "pupil" }));
        Assert.Equal(400, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/login", Ct, body: new { }));
        Assert.Equal(429, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/login", Ct, body: new { accessCode = "MANY" }));
        using var down = await auth.PostAsync("api/v1/auth/login", new { accessCode = "DOWN" }, Ct);
        Assert.Equal(503, (int)down.StatusCode);
        Assert.NotNull(down.Headers.RetryAfter);
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = "pupil", password = "" + AuthMesh.Password })); // it has no password
    }

    [Fact]
    public async Task Guessing_codes_blocks_the_address()
    {
        await using var auth = await AuthMesh.StartAsync(
            Ct, describe: plan => plan.App("users", app => app.MapPost("/api/v1/users/validate-access-code", () => Results.StatusCode(404))));
        var statuses = new List<int>();
        for (var i = 0; i < 11; i++)
        {
            statuses.Add(await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/login", Ct, body: new { accessCode = "CODE" + i }));
        }

        Assert.Equal(429, statuses[^1]);
        Assert.All(statuses.SkipLast(1), status => Assert.Equal(401, status));
    }

    private sealed record CodeBody(string Code, string AttemptId);
}

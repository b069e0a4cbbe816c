using System.Net;
using System.Text.Json;
using DaprMesh.Contracts;

namespace DaprMesh.Identity.Tests;

public sealed class AttackTests(IdentityMesh mesh)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_header_that_names_another_user_changes_nothing()
    {
        var person = await mesh.CustomerAsync();

        using var answer = await mesh.SendAsync(
            HttpMethod.Get, "user-api/users/me", person, null,
            ("X-User-ID", mesh.Admin.Id), ("X-User-Roles", "admin"), ("X-User-Name", "admin"), ("dapr-caller-app-id", AppIds.Auth), ("dapr-api-token", "guess"));

        Assert.Equal(person.Id, (await IdentityMesh.ReadAsync(answer)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Without_a_token_a_header_makes_nobody_of_a_stranger()
    {
        using var answer = await mesh.SendAsync(HttpMethod.Get, "api/v1/users", null, null, ("X-User-ID", mesh.Admin.Id), ("X-User-Roles", "admin"));

        await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("user-api/users/register")]
    [InlineData("auth/register")]
    [InlineData("api/v1/auth/register")]
    public async Task Nobody_registers_as_more_than_a_customer(string path)
    {
        var name = IdentityMesh.NewName();
        var body = new { username = name, email = $"{name}@example.com", password = IdentityMesh.Password, role = "admin", roles = new[] { "admin" }, isAdmin = true };

        using var answer = await mesh.SendAsync(HttpMethod.Post, path, null, body);
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
        {
            return; // refused as a whole
        }

        var person = await mesh.LogInAsync(name, IdentityMesh.Password);
        var account = await mesh.GetAsync($"api/v1/auth/accounts/{person.Id}", person);
        Assert.Equal([Roles.Customer], account.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    [Fact]
    public async Task Staff_cannot_make_an_administrator_nor_log_in_as_one()
    {
        var staff = await mesh.PersonAsync(Roles.Staff);

        using var created = await mesh.SendAsync(HttpMethod.Post, "api/v1/users", staff, new { fullName = "Me Again", username = IdentityMesh.NewName(), password = IdentityMesh.Password, roles = new[] { "admin" } });
        using var code = await mesh.SendAsync(HttpMethod.Post, $"api/v1/users/{mesh.Admin.Id}/access-codes", staff, new { });

        Assert.Equal("user.higher-role", await IdentityMesh.ProblemAsync(created, HttpStatusCode.Forbidden));
        Assert.Equal("user.higher-role", await IdentityMesh.ProblemAsync(code, HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task Staff_cannot_take_an_administrators_e_mail_address()
    {
        var staff = await mesh.PersonAsync(Roles.Staff);
        var boss = await mesh.PersonAsync(Roles.Admin);

        using var answer = await mesh.SendAsync(HttpMethod.Put, $"api/v1/users/{boss.Id}", staff, new { fullName = "Boss", email = "staff@example.com" }, ("If-Match", "*"));

        Assert.Equal("user.higher-role", await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task A_refresh_token_that_comes_again_ends_the_whole_session()
    {
        var person = await mesh.CustomerAsync();
        var second = Person.Of(person.Name, await RefreshAsync(person.RefreshToken));
        var third = Person.Of(person.Name, await RefreshAsync(second.RefreshToken));

        using var stolen = await mesh.SendAsync(HttpMethod.Post, "api/v1/auth/refresh", null, new { refreshToken = person.RefreshToken });
        using var rightful = await mesh.SendAsync(HttpMethod.Post, "api/v1/auth/refresh", null, new { refreshToken = third.RefreshToken });

        await IdentityMesh.ProblemAsync(stolen, HttpStatusCode.Unauthorized);
        await IdentityMesh.ProblemAsync(rightful, HttpStatusCode.Unauthorized);
        await RefusedSoonAsync(third, "user-api/users/me");
    }

    [Fact]
    public async Task A_logged_out_token_is_refused_by_every_service()
    {
        var person = await mesh.CustomerAsync();
        var other = await mesh.LogInAsync(person.Name, IdentityMesh.Password);

        using var out1 = await mesh.SendAsync(HttpMethod.Post, "auth/logout", person);
        Assert.Equal(HttpStatusCode.NoContent, out1.StatusCode);

        await RefusedSoonAsync(person, "user-api/users/me");
        await RefusedSoonAsync(person, "api/v1/auth/sessions");
        await mesh.GetAsync("user-api/users/me", other);

        using var out2 = await mesh.SendAsync(HttpMethod.Post, "auth/logout?all=true", other);
        Assert.Equal(HttpStatusCode.NoContent, out2.StatusCode);
        await RefusedSoonAsync(other, "user-api/users/me");
    }

    [Fact]
    public async Task A_deleted_user_is_logged_out_and_gone()
    {
        var person = await mesh.CustomerAsync();

        using var deleted = await mesh.SendAsync(HttpMethod.Delete, $"api/v1/users/{person.Id}", mesh.Admin);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await RefusedSoonAsync(person, "user-api/users/me");
        using var gone = await mesh.SendAsync(HttpMethod.Get, $"api/v1/users/{person.Id}", mesh.Admin);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var login = await mesh.SendAsync(HttpMethod.Post, "auth/login", null, new { username = person.Name, password = IdentityMesh.Password });
        Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
    }

    private async Task<JsonElement> RefreshAsync(string token)
    {
        using var answer = await mesh.SendAsync(HttpMethod.Post, "api/v1/auth/refresh", null, new { refreshToken = token });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await IdentityMesh.ReadAsync(answer);
    }

    /// <summary>Services hear of it a moment later.</summary>
    private Task RefusedSoonAsync(Person person, string path) => Testing.Eventually.TrueAsync(
        async () =>
        {
            using var answer = await mesh.SendAsync(HttpMethod.Get, path, person);
            return answer.StatusCode is HttpStatusCode.Unauthorized;
        },
        Ct);
}

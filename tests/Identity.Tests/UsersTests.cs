using System.Net;
using System.Text.Json;
using DaprMesh.Contracts;
using DaprMesh.Testing;

namespace DaprMesh.Identity.Tests;

public sealed class UsersTests(IdentityMesh mesh)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_registers_has_a_profile_at_once()
    {
        var person = await mesh.CustomerAsync();

        var profile = await mesh.GetAsync("user-api/users/me", person);

        Assert.Equal(person.Id, Text(profile, "id"));
        Assert.Equal("Carla Customer", Text(profile, "fullName"));
        Assert.Equal([Roles.Customer], profile.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.DoesNotContain("assword", profile.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_registers_with_auth_has_a_profile_too()
    {
        var name = IdentityMesh.NewName();
        using var registered = await mesh.SendAsync(HttpMethod.Post, "auth/register", null, new { username = name, email = $"{name}@example.com", password = IdentityMesh.Password, fullName = "Form User" });
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        var person = await mesh.LogInAsync(name, IdentityMesh.Password);

        Assert.Equal("Form User", Text(await mesh.GetAsync("user-api/users/me", person), "fullName"));
    }

    [Fact]
    public async Task A_registration_that_is_sent_again_is_the_same_registration()
    {
        var body = new { email = $"{IdentityMesh.NewName()}@example.com", password = IdentityMesh.Password };
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());

        using var first = await mesh.SendAsync(HttpMethod.Post, "user-api/users/register", null, body, key);
        using var second = await mesh.SendAsync(HttpMethod.Post, "user-api/users/register", null, body, key);
        using var third = await mesh.SendAsync(HttpMethod.Post, "user-api/users/register", null, body);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(Text(await IdentityMesh.ReadAsync(first), "id"), Text(await IdentityMesh.ReadAsync(second), "id"));
        await IdentityMesh.ProblemAsync(third, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_repeated_registration_does_not_set_another_password()
    {
        var name = IdentityMesh.NewName();
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        using var first = await mesh.SendAsync(HttpMethod.Post, "user-api/users/register", null, new { email = $"{name}@example.com", username = name, password = IdentityMesh.Password }, key);
        using var second = await mesh.SendAsync(HttpMethod.Post, "user-api/users/register", null, new { email = $"{name}@example.com", username = name, password = "the thief's password" }, key);

        using var thief = await mesh.SendAsync(HttpMethod.Post, "auth/login", null, new { username = name, password = "the thief's password" });

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, thief.StatusCode);
        await mesh.LogInAsync(name, IdentityMesh.Password);
    }

    [Fact]
    public async Task A_profile_changes_only_from_what_was_read()
    {
        var person = await mesh.CustomerAsync();
        using var read = await mesh.SendAsync(HttpMethod.Get, $"api/v1/users/{person.Id}", person);
        var etag = read.Headers.ETag?.ToString() ?? "";

        using var blind = await mesh.SendAsync(HttpMethod.Put, $"api/v1/users/{person.Id}", person, new { fullName = "Nobody Asked" });
        using var first = await mesh.SendAsync(HttpMethod.Put, $"api/v1/users/{person.Id}", person, new { fullName = "Ada King", phone = "+44 20 7946 0000" }, ("If-Match", etag));
        using var late = await mesh.SendAsync(HttpMethod.Put, $"api/v1/users/{person.Id}", person, new { fullName = "Too Late" }, ("If-Match", etag));

        await IdentityMesh.ProblemAsync(blind, HttpStatusCode.PreconditionRequired);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await IdentityMesh.ProblemAsync(late, HttpStatusCode.PreconditionFailed);
        Assert.Equal("Ada King", Text(await mesh.GetAsync("user-api/users/me", person), "fullName"));
    }

    [Fact]
    public async Task A_new_e_mail_address_logs_in_and_a_taken_one_is_refused()
    {
        var person = await mesh.CustomerAsync();
        var other = await mesh.CustomerAsync();
        var address = $"{IdentityMesh.NewName()}@example.com";

        using var changed = await mesh.SendAsync(HttpMethod.Put, "user-api/users/me", person, new { fullName = "Carla Customer", email = address });
        using var taken = await mesh.SendAsync(HttpMethod.Put, "user-api/users/me", other, new { fullName = "Carla Customer", email = address });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await IdentityMesh.ProblemAsync(taken, HttpStatusCode.Conflict);
        Assert.Equal(person.Id, (await mesh.LogInAsync(address, IdentityMesh.Password)).Id);
    }

    [Fact]
    public async Task An_access_code_logs_in_as_often_as_it_says_in_whatever_way_it_is_typed()
    {
        var student = await mesh.PersonAsync(Roles.Student);
        var tutor = await mesh.PersonAsync(Roles.Tutor);
        using var issued = await mesh.SendAsync(HttpMethod.Post, $"api/v1/users/{student.Id}/access-codes", tutor, new { maxUses = 2, hours = 1 });
        Assert.Equal(HttpStatusCode.Created, issued.StatusCode);
        var code = Text(await IdentityMesh.ReadAsync(issued), "code");

        using var first = await mesh.SendAsync(HttpMethod.Post, "api/v1/auth/login", null, new { accessCode = code });
        using var second = await mesh.SendAsync(HttpMethod.Post, "api/v1/auth/login", null, new { accessCode = code.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant() });
        using var third = await mesh.SendAsync(HttpMethod.Post, "api/v1/auth/login", null, new { accessCode = code });

        Assert.Equal(student.Id, Text(await IdentityMesh.ReadAsync(first), "userId"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await IdentityMesh.ProblemAsync(third, HttpStatusCode.Unauthorized);
        var listed = (await mesh.GetAsync($"api/v1/users/{student.Id}/access-codes", tutor)).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(2, listed.GetProperty("useCount").GetInt32());
        Assert.False(listed.GetProperty("isOpen").GetBoolean());
        Assert.DoesNotContain(code, listed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_access_code_logs_nobody_in()
    {
        var student = await mesh.PersonAsync(Roles.Student);
        using var issued = await mesh.SendAsync(HttpMethod.Post, $"api/v1/users/{student.Id}/access-codes", mesh.Admin, new { unlimited = true });
        var answer = await IdentityMesh.ReadAsync(issued);

        using var revoked = await mesh.SendAsync(HttpMethod.Delete, $"api/v1/users/{student.Id}/access-codes/{Text(answer.GetProperty("accessCode"), "id")}", mesh.Admin);
        using var login = await mesh.SendAsync(HttpMethod.Post, "api/v1/auth/login", null, new { accessCode = Text(answer, "code") });

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await IdentityMesh.ProblemAsync(login, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_list_finds_by_name_and_pages_without_gaps_or_repetitions()
    {
        var word = IdentityMesh.NewName();
        for (var index = 0; index < 7; index++)
        {
            using var created = await mesh.SendAsync(HttpMethod.Post, "api/v1/users", mesh.Admin, new { fullName = $"{word} number {index}", username = IdentityMesh.NewName() });
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        }

        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await mesh.GetAsync($"api/v1/users?search={word}&limit=3{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", mesh.Admin);
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 0, 3);
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(user => Text(user, "fullName")));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(index => $"{word} number {index}"), found);
        using var nonsense = await mesh.SendAsync(HttpMethod.Get, "api/v1/users?cursor=nonsense", mesh.Admin);
        await IdentityMesh.ProblemAsync(nonsense, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_role_that_auth_gives_shows_in_the_profile()
    {
        var person = await mesh.CustomerAsync();

        using var changed = await mesh.SendAsync(HttpMethod.Put, $"api/v1/auth/accounts/{person.Id}/roles", mesh.Admin, new { roles = new[] { Roles.Tutor } });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await Eventually.TrueAsync(
            async () => (await mesh.GetAsync($"api/v1/users/{person.Id}", mesh.Admin)).GetProperty("roles").EnumerateArray().Any(role => role.GetString() == Roles.Tutor), Ct);
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString() ?? "";
}

using DaprMesh.Contracts;

namespace DaprMesh.Identity.Tests;

/// <summary>Every operation of the services behind the gateway, with an example.</summary>
internal static class Operations
{
    private static readonly object Product = new { sku = "BOO-1", name = "Atlas", category = "Books", price = 20, stock = 5 };

    public static readonly IReadOnlyList<Operation> All =
    [
        // What S0 and S2 name: strangers' part of auth, under both prefixes.
        .. Door("/auth"),
        .. Door("/api/v1/auth"),
        new(AppIds.Auth, "POST", "/user-api/token", Who.Anyone, 200, async mesh => new("user-api/token", Form(("grant_type", "password"), ("username", (await mesh.CustomerAsync()).Name), ("password", IdentityMesh.Password)))),
        new(AppIds.Auth, "POST", "/api/v1/auth/check-permission", Who.Person, 200, Plain("api/v1/auth/check-permission", new { permission = "users.read" })),
        new(AppIds.Auth, "GET", "/api/v1/auth/sessions", Who.Person, 200, Plain("api/v1/auth/sessions")),
        new(AppIds.Auth, "DELETE", "/api/v1/auth/sessions/{id}", Who.Right, 204, About(person => new($"api/v1/auth/sessions/{person.SessionId}", null, person))),
        new(AppIds.Auth, "POST", "/api/v1/auth/password", Who.Person, 204, Plain("api/v1/auth/password", new { currentPassword = IdentityMesh.Password, newPassword = "another long password" })),
        new(AppIds.Auth, "GET", "/api/v1/auth/accounts/{id}", Who.SelfOrRight, 200, About(person => new($"api/v1/auth/accounts/{person.Id}", null, person))),
        new(AppIds.Auth, "PUT", "/api/v1/auth/accounts/{id}/roles", Who.Right, 200, About(person => new($"api/v1/auth/accounts/{person.Id}/roles", new { roles = new[] { "student" } }, person))),
        new(AppIds.Auth, "PUT", "/api/v1/auth/accounts/{id}/block", Who.Right, 200, About(person => new($"api/v1/auth/accounts/{person.Id}/block", new { isBlocked = true }, person))),
        new(AppIds.Auth, "GET", "/api/v1/auth/roles", Who.Right, 200, Plain("api/v1/auth/roles")),
        new(AppIds.Auth, "PUT", "/api/v1/auth/roles/{role}", Who.Right, 200, Plain("api/v1/auth/roles/service", new { permissions = Permissions.Defaults[Roles.Service] })),
        new(AppIds.Auth, "GET", "/api/v1/auth/audit", Who.Right, 200, Plain("api/v1/auth/audit")),
        new(AppIds.Auth, "GET", "/api/v1/auth/audit/verify", Who.Right, 200, Plain("api/v1/auth/audit/verify")),
        new(AppIds.Auth, "POST", "/api/v1/auth/keys/rotate", Who.Right, 200, Plain("api/v1/auth/keys/rotate", new { })),
        new(AppIds.Auth, "GET", "/.well-known/jwks.json", Who.Anyone, 200, Plain(".well-known/jwks.json")),
        new(AppIds.Auth, "GET", "/.well-known/openid-configuration", Who.Anyone, 200, Plain(".well-known/openid-configuration")),
        new(AppIds.Auth, "GET", "/internal/security-feed", Who.Services, 200, Plain("internal/security-feed?after=0")),
        new(AppIds.Auth, "GET", "/internal/accounts/{id}", Who.Services, 200, Plain("internal/accounts/usr_1")),
        new(AppIds.Auth, "PUT", "/internal/accounts/{id}", Who.Services, 200, Plain("internal/accounts/usr_1", new { username = "x", roles = new[] { "admin" } })),
        new(AppIds.Auth, "DELETE", "/internal/accounts/{id}", Who.Services, 204, Plain("internal/accounts/usr_1")),

        new(AppIds.Users, "POST", "/user-api/users/register", Who.Anyone, 201, _ => Task.FromResult(new Example("user-api/users/register", new { email = $"{IdentityMesh.NewName()}@example.com", password = IdentityMesh.Password }))),
        new(AppIds.Users, "GET", "/user-api/users/me", Who.Person, 200, Plain("user-api/users/me")),
        new(AppIds.Users, "PUT", "/user-api/users/me", Who.Person, 200, Plain("user-api/users/me", new { fullName = "Ada King" })),
        new(AppIds.Users, "GET", "/api/v1/users", Who.Right, 200, Plain("api/v1/users?limit=5")),
        new(AppIds.Users, "POST", "/api/v1/users", Who.Right, 201, _ => Task.FromResult(new Example("api/v1/users", new { fullName = "Sam Student", username = IdentityMesh.NewName() }))),
        new(AppIds.Users, "GET", "/api/v1/users/{id}", Who.SelfOrRight, 200, About(person => new($"api/v1/users/{person.Id}", null, person))),
        new(AppIds.Users, "PUT", "/api/v1/users/{id}", Who.SelfOrRight, 200, About(person => new($"api/v1/users/{person.Id}", new { fullName = "New Name" }, person, "*"))),
        new(AppIds.Users, "DELETE", "/api/v1/users/{id}", Who.Right, 204, About(person => new($"api/v1/users/{person.Id}", null, person))),
        new(AppIds.Users, "POST", "/api/v1/users/{id}/access-codes", Who.Right, 201, About(person => new($"api/v1/users/{person.Id}/access-codes", new { maxUses = 2 }, person))),
        new(AppIds.Users, "GET", "/api/v1/users/{id}/access-codes", Who.Right, 200, About(person => new($"api/v1/users/{person.Id}/access-codes", null, person))),
        new(AppIds.Users, "DELETE", "/api/v1/users/{id}/access-codes/{codeId}", Who.Right, 204, CodeAsync),
        new(AppIds.Users, "POST", "/api/v1/users/validate-access-code", Who.Services, 200, Plain("api/v1/users/validate-access-code", new { code = "0000-0000-0000", attemptId = "a" })),

        new(AppIds.Catalog, "GET", "/api/products", Who.Anyone, 200, Plain("api/products/")),
        new(AppIds.Catalog, "POST", "/api/products", Who.Right, 201, Plain("api/products/", Product)),
        new(AppIds.Catalog, "GET", "/api/products/{id}", Who.Anyone, 200, async mesh => new($"api/products/{await ProductAsync(mesh)}")),
        new(AppIds.Catalog, "PUT", "/api/products/{id}", Who.Right, 200, async mesh => new($"api/products/{await ProductAsync(mesh)}", Product, null, "*")),
        new(AppIds.Catalog, "DELETE", "/api/products/{id}", Who.Right, 204, async mesh => new($"api/products/{await ProductAsync(mesh)}")),
        new(AppIds.Catalog, "POST", "/api/products/{id}/stock", Who.Right, 200, async mesh => new($"api/products/{await ProductAsync(mesh)}/stock", new { delta = 1 })),
        new(AppIds.Catalog, "GET", "/api/system/health", Who.Anyone, 200, Plain("api/system/health")),
    ];

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static IEnumerable<Operation> Door(string prefix)
    {
        var path = prefix[1..];
        return
        [
            new(AppIds.Auth, "POST", $"{prefix}/register", Who.Anyone, 201, _ => Task.FromResult(new Example($"{path}/register", new { username = IdentityMesh.NewName(), email = $"{IdentityMesh.NewName()}@example.com", password = IdentityMesh.Password }))),
            new(AppIds.Auth, "POST", $"{prefix}/login", Who.Anyone, 200, async mesh => new($"{path}/login", new { username = (await mesh.CustomerAsync()).Name, password = IdentityMesh.Password })),
            new(AppIds.Auth, "POST", $"{prefix}/refresh", Who.Anyone, 200, async mesh => new($"{path}/refresh", new { refreshToken = (await mesh.CustomerAsync()).RefreshToken })),
            new(AppIds.Auth, "POST", $"{prefix}/logout", Who.Person, 204, Plain($"{path}/logout")),
            new(AppIds.Auth, "POST", $"{prefix}/validate", Who.Person, 200, Plain($"{path}/validate")),
        ];
    }

    private static Func<IdentityMesh, Task<Example>> Plain(string path, object? body = null) => _ => Task.FromResult(new Example(path, body));

    private static Func<IdentityMesh, Task<Example>> About(Func<Person, Example> example) => async mesh => example(await mesh.CustomerAsync());

    private static async Task<Example> CodeAsync(IdentityMesh mesh)
    {
        var person = await mesh.CustomerAsync();
        using var issued = await mesh.SendAsync(HttpMethod.Post, $"api/v1/users/{person.Id}/access-codes", mesh.Admin, new { });
        var code = (await IdentityMesh.ReadAsync(issued)).GetProperty("accessCode").GetProperty("id").GetString();
        return new Example($"api/v1/users/{person.Id}/access-codes/{code}", null, person);
    }

    private static async Task<string?> ProductAsync(IdentityMesh mesh)
    {
        using var created = await mesh.SendAsync(HttpMethod.Post, "api/products/", mesh.Admin, Product);
        return (await IdentityMesh.ReadAsync(created)).GetProperty("id").GetString();
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DaprMesh.Auth;
using DaprMesh.Catalog;
using DaprMesh.Contracts;
using DaprMesh.Gateway;
using DaprMesh.Testing;
using DaprMesh.Users;

[assembly: AssemblyFixture(typeof(DaprMesh.Identity.Tests.IdentityMesh))]

namespace DaprMesh.Identity.Tests;

/// <summary>Gateway, auth, users and catalogue as they are, with one administrator. Everything goes in by the gateway.</summary>
public sealed class IdentityMesh : IAsyncLifetime
{
    public const string Password = "a long enough password";
    private const string AdminPassword = "the administrator's own";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"identity-{Guid.NewGuid():N}");
    private Mesh? _mesh;
    private Person? _admin;

    public Mesh Mesh => _mesh ?? throw new InvalidOperationException("The mesh is not started.");

    public Person Admin => _admin ?? throw new InvalidOperationException("The mesh is not started.");

    public HttpClient Client => Mesh.App(AppIds.Gateway);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mesh = await Mesh.StartAsync(
            plan => plan
                .UseTime(TimeProvider.System)
                .Secret("admin-password", AdminPassword)
                .App<GatewayOptions>(AppIds.Gateway, app =>
                {
                    app.Settings["Gateway__PerAddress__Permits"] = "10000000";
                    app.Settings["Gateway__PerIdentity__Permits"] = "10000000";
                })
                .App<AuthOptions>(AppIds.Auth, app =>
                {
                    app.Settings["Auth__DataPath"] = _folder;
                    app.Settings["Auth__PasswordIterations"] = "1000";
                    app.Settings["Auth__RegistrationsPerHour"] = "1000000";
                    app.Settings["Auth__AddressFailures"] = "1000000";
                    app.Settings["Auth__AddressNames"] = "1000000";
                })
                .App<User>(AppIds.Users)
                .App<Product>(AppIds.Catalog),
            Ct);
        _admin = await LogInAsync("admin", AdminPassword);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mesh is not null)
        {
            await _mesh.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A name that no other test has.</summary>
    public static string NewName() => $"p{Guid.NewGuid():N}"[..20];

    /// <summary>Somebody new who registered by himself.</summary>
    public async Task<Person> CustomerAsync()
    {
        var name = NewName();
        using var answer = await SendAsync(HttpMethod.Post, "user-api/users/register", null, new { email = $"{name}@example.com", username = name, password = Password, fullName = "Carla Customer" });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await LogInAsync(name, Password);
    }

    /// <summary>Somebody new whom the administrator gave a role.</summary>
    public async Task<Person> PersonAsync(string role)
    {
        var name = NewName();
        using var answer = await SendAsync(HttpMethod.Post, "api/v1/users", Admin, new { fullName = "Robin Role", username = name, password = Password, roles = new[] { role } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await LogInAsync(name, Password);
    }

    public async Task<Person> LogInAsync(string name, string password)
    {
        using var answer = await SendAsync(HttpMethod.Post, "auth/login", null, new { username = name, password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Person.Of(name, await ReadAsync(answer));
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Person? person, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        if (person is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", person.AccessToken);
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await Client.SendAsync(request, Ct);
    }

    public async Task<JsonElement> GetAsync(string path, Person person)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, person);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await ReadAsync(answer);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);

    /// <summary>Checks that the answer is problem details of that status, and returns their code.</summary>
    public static async Task<string?> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.True(answer.StatusCode == status, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await ReadAsync(answer);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString() ?? "");
        return problem.GetProperty("code").GetString();
    }
}

/// <summary>Somebody who is logged in.</summary>
public sealed record Person(string Id, string Name, string AccessToken, string RefreshToken, string SessionId)
{
    public static Person Of(string name, JsonElement tokens) => new(
        Text(tokens, "userId"), name, Text(tokens, "accessToken"), Text(tokens, "refreshToken"), Text(tokens, "sessionId"));

    private static string Text(JsonElement tokens, string member) => tokens.GetProperty(member).GetString() ?? "";
}

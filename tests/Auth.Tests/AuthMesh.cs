using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DaprMesh.Auth.Start;
using DaprMesh.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Auth.Tests;

/// <summary>The service with its sidecar, on a clock of its own, with a database of its own and hashes that cost next to nothing.</summary>
internal sealed class AuthMesh : IAsyncDisposable
{
    public const string AdminPassword = "an administrator's words";
    public const string Password = "correct horse battery";
    private const string AppToken = "what the sidecar and the service know";
    private static int _number;

    private readonly string _folder;
    private readonly ConcurrentQueue<string> _output;

    private AuthMesh(Mesh mesh, string folder, ConcurrentQueue<string> output)
    {
        Mesh = mesh;
        _folder = folder;
        _output = output;
    }

    public Mesh Mesh { get; }

    public HttpClient Client => Mesh.App("auth");

    public string DatabasePath => Path.Combine(_folder, "auth.db");

    /// <summary>What the service wrote to its standard output.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    public static async Task<AuthMesh> StartAsync(
        CancellationToken ct, Action<MeshAppOptions>? configure = null, Action<MeshBuilder>? describe = null, bool hasAdminPassword = true)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"auth-{Guid.NewGuid():N}");
        var output = new ConcurrentQueue<string>();
        var mesh = await Mesh.StartAsync(
            plan =>
            {
                plan.App<AuthOptions>("auth", app =>
                {
                    app.Settings["Auth__DataPath"] = folder;
                    app.Settings["APP_API_TOKEN"] = AppToken;
                    app.Settings["Auth__PasswordIterations"] = "1000";
                    app.Settings["Auth__RegistrationsPerHour"] = "100000";
                    app.Services = services => services.AddKeyedSingleton<TextWriter>(AuthStart.Output, new QueueWriter(output));
                    configure?.Invoke(app);
                });
                if (hasAdminPassword)
                {
                    plan.Secret("admin-password", AdminPassword);
                }

                if (TestContext.Current.TestOutputHelper is { } test)
                {
                    plan.WriteLogTo(test.WriteLine);
                }

                describe?.Invoke(plan);
            },
            ct);
        return new AuthMesh(mesh, folder, output);
    }

    /// <summary>A name that no other test has.</summary>
    public static string NewName() => "person" + Interlocked.Increment(ref _number);

    public Task<HttpResponseMessage> PostAsync(string path, object? body, CancellationToken ct, string? token = null, string? app = null) =>
        SendAsync(HttpMethod.Post, path, body, ct, token, app);

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken ct, string? token = null, string? app = null) =>
        SendAsync(HttpMethod.Get, path, null, ct, token, app);

    public Task<HttpResponseMessage> PutAsync(string path, object? body, CancellationToken ct, string? token = null, string? app = null) =>
        SendAsync(HttpMethod.Put, path, body, ct, token, app);

    public Task<HttpResponseMessage> DeleteAsync(string path, CancellationToken ct, string? token = null, string? app = null) =>
        SendAsync(HttpMethod.Delete, path, null, ct, token, app);

    /// <param name="app">The app that the sidecar names as the caller.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body, CancellationToken ct, string? token = null, string? app = null, string? address = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is HttpContent content)
        {
            request.Content = content;
        }
        else if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (address is not null)
        {
            app = "gateway";
            request.Headers.Add("X-Forwarded-For", address);
        }

        if (app is not null)
        {
            request.Headers.Add("dapr-caller-app-id", app);
            request.Headers.Add("dapr-api-token", AppToken);
        }

        return await Client.SendAsync(request, ct);
    }

    /// <summary>Registers somebody, and gives the account's id.</summary>
    public async Task<string> RegisterAsync(string username, CancellationToken ct, string password = Password)
    {
        using var answer = await PostAsync("auth/register", new { username, password, email = $"{username}@example.org" }, ct);
        Assert.Equal(201, (int)answer.StatusCode);
        return (await JsonAsync(answer, ct)).GetProperty("userId").GetString()!;
    }

    public async Task<Tokens> LoginAsync(string username, CancellationToken ct, string password = Password)
    {
        using var answer = await PostAsync("auth/login", new { username, password }, ct);
        return await TokensAsync(answer, ct);
    }

    public async Task<Tokens> RefreshAsync(string refreshToken, CancellationToken ct)
    {
        using var answer = await PostAsync("api/v1/auth/refresh", new { refreshToken }, ct);
        return await TokensAsync(answer, ct);
    }

    public Task<Tokens> AdminAsync(CancellationToken ct) => LoginAsync("admin", ct, AdminPassword);

    public async Task<Tokens> NewcomerAsync(CancellationToken ct)
    {
        var name = NewName();
        await RegisterAsync(name, ct);
        return await LoginAsync(name, ct);
    }

    public async Task<int> StatusAsync(HttpMethod method, string path, CancellationToken ct, string? token = null, object? body = null)
    {
        using var answer = await SendAsync(method, path, body, ct, token);
        return (int)answer.StatusCode;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, CancellationToken ct) =>
        await answer.Content.ReadFromJsonAsync<JsonElement>(ct);

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));

    public static async Task<Tokens> TokensAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
        var json = await JsonAsync(answer, ct);
        return new Tokens(
            json.GetProperty("accessToken").GetString()!, json.GetProperty("refreshToken").GetString()!, json.GetProperty("sessionId").GetString()!,
            json.GetProperty("userId").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        await Mesh.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private sealed class QueueWriter(ConcurrentQueue<string> lines) : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override Task WriteLineAsync(string? value)
        {
            lines.Enqueue(value ?? "");
            return Task.CompletedTask;
        }
    }
}

/// <summary>What a login or a refresh gave.</summary>
internal sealed record Tokens(string Access, string Refresh, string SessionId, string UserId);

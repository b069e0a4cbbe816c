using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using DaprMesh.Testing;

namespace DaprMesh.Launcher.Tests;

/// <summary>Two of each service, a process for each app and each sidecar: to people they are one.</summary>
public sealed partial class IdentityReplicaTests : IDisposable
{
    private const string Password = "a long enough password";
    private static readonly string[] Mode = ["--only", "gateway,auth,users", "--replicas", "gateway=2,auth=2,users=2", "--isolated"];
    private readonly MeshFixture _fixture = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(1) });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public async Task Sessions_keys_revocations_and_locks_are_the_same_whichever_instance_answers()
    {
        await using var mesh = MeshProcess.Start(_fixture.Arguments(Mode));
        await mesh.ReadyAsync();
        Uri[] doors = [AddressOf(mesh, "gateway"), AddressOf(mesh, "gateway#2")];
        var admin = await LogInAsync(doors[0], "admin", await mesh.PasswordAsync());

        // A session that one instance began counts for all.
        using var registered = await PostAsync(doors[0], "/user-api/users/register", new { email = "ada@example.com", username = "ada", password = Password });
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        var ada = await LogInAsync(doors[1], "ada", Password);
        await EverywhereAsync(doors, ada.Token, HttpStatusCode.OK);

        // A new key signs for all, and the old one's tokens go on counting.
        using var rotated = await PostAsync(doors[0], "/api/v1/auth/keys/rotate", new { }, admin.Token);
        Assert.Equal(HttpStatusCode.OK, rotated.StatusCode);
        foreach (var door in doors.Concat(doors))
        {
            await Eventually.TrueAsync(async () => KeyOf((await LogInAsync(door, "ada", Password)).Token) != KeyOf(ada.Token), Ct);
            await EverywhereAsync(doors, ada.Token, HttpStatusCode.OK);
        }

        // A refresh token that comes again ends its session for all.
        var fresh = await RefreshAsync(doors[0], ada.Refresh);
        var fresher = await RefreshAsync(doors[1], fresh.Refresh);
        using var reused = await PostAsync(doors[0], "/api/v1/auth/refresh", new { refreshToken = ada.Refresh });
        Assert.Equal(HttpStatusCode.Unauthorized, reused.StatusCode);
        await Eventually.TrueAsync(async () => await IsEverywhereAsync(doors, fresher.Token, HttpStatusCode.Unauthorized), Ct);

        // So does a logout.
        var again = await LogInAsync(doors[1], "ada", Password);
        using var left = await PostAsync(doors[1], "/auth/logout", new { }, again.Token);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        await Eventually.TrueAsync(async () => await IsEverywhereAsync(doors, again.Token, HttpStatusCode.Unauthorized), Ct);

        // Wrong passwords are counted together.
        for (var guess = 0; guess < 6; guess++)
        {
            using var wrong = await PostAsync(doors[guess % 2], "/auth/login", new { username = "ada", password = "wrong password" });
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        foreach (var door in doors.Concat(doors))
        {
            using var locked = await PostAsync(door, "/auth/login", new { username = "ada", password = Password });
            Assert.NotEqual(HttpStatusCode.OK, locked.StatusCode);
        }

        Assert.Equal(0, await mesh.StopAsync());
    }

    [Fact]
    public async Task Killing_an_instance_of_each_in_a_storm_costs_nobody_an_account_and_the_audit_stays_whole()
    {
        await using var mesh = MeshProcess.Start(_fixture.Arguments(Mode));
        await mesh.ReadyAsync();
        var door = AddressOf(mesh, "gateway");
        var password = await mesh.PasswordAsync();
        var made = new ConcurrentQueue<string>();
        var surprises = new ConcurrentQueue<string>();
        using var end = new CancellationTokenSource();
        var storm = Task.WhenAll(Enumerable.Range(0, 6).Select(client => StormAsync(door, client, made, surprises, end.Token)));

        foreach (var app in new[] { "users#2", "auth", "gateway#2" })
        {
            var goal = made.Count + 15;
            await Eventually.TrueAsync(() => made.Count >= goal || storm.IsFaulted, Ct);
            mesh.KillListenerOf(AddressOf(mesh, app).Port);
        }

        var last = made.Count + 15;
        await Eventually.TrueAsync(() => made.Count >= last || storm.IsFaulted, Ct);
        await end.CancelAsync();
        await storm;

        Assert.Empty(surprises);
        foreach (var name in made)
        {
            var person = await LogInAsync(door, name, Password);
            using var profile = await SendAsync(HttpMethod.Get, door, "/user-api/users/me", null, person.Token);
            Assert.Equal(HttpStatusCode.OK, profile.StatusCode);
        }

        var admin = await LogInAsync(door, "admin", password);
        using var verdict = await SendAsync(HttpMethod.Get, door, "/api/v1/auth/audit/verify", null, admin.Token);
        Assert.True((await verdict.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("valid").GetBoolean());
    }

    private static Uri AddressOf(MeshProcess mesh, string app) =>
        new(Row().Matches(mesh.Output).First(row => row.Groups["app"].Value == app).Groups["url"].Value);

    private static string KeyOf(string token) => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal))))
        .RootElement.GetProperty("kid").GetString() ?? "";

    /// <summary>Registers, logs in and refreshes, one person after the other; what is answered "later" is sent again, as the answer says.</summary>
    private async Task StormAsync(Uri door, int client, ConcurrentQueue<string> made, ConcurrentQueue<string> surprises, CancellationToken end)
    {
        for (var number = 0; !end.IsCancellationRequested; number++)
        {
            var name = $"p{client}-{number}";
            var key = Guid.NewGuid().ToString();
            await UntilAnsweredAsync("register", () => PostAsync(door, "/user-api/users/register", new { email = $"{name}@example.com", username = name, password = Password }, null, key), surprises);
            var tokens = await UntilAnsweredAsync("login", () => PostAsync(door, "/auth/login", new { username = name, password = Password }), surprises);
            var refresh = tokens.GetProperty("refreshToken").GetString();
            await UntilAnsweredAsync("refresh", () => PostAsync(door, "/api/v1/auth/refresh", new { refreshToken = refresh }), surprises);
            made.Enqueue(name);
        }
    }

    private static async Task<JsonElement> UntilAnsweredAsync(string what, Func<Task<HttpResponseMessage>> send, ConcurrentQueue<string> surprises)
    {
        while (true)
        {
            using var answer = await send();
            var text = await answer.Content.ReadAsStringAsync(Ct);
            if (answer.IsSuccessStatusCode)
            {
                return JsonDocument.Parse(text).RootElement;
            }

            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter is null)
            {
                surprises.Enqueue($"{what}: {(int)answer.StatusCode} {text}");
                throw new InvalidOperationException(surprises.Last());
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
        }
    }

    private static async Task<(string Token, string Refresh)> TokensAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return (tokens.GetProperty("accessToken").GetString() ?? "", tokens.GetProperty("refreshToken").GetString() ?? "");
    }

    private async Task<(string Token, string Refresh)> LogInAsync(Uri door, string name, string password)
    {
        using var answer = await PostAsync(door, "/auth/login", new { username = name, password });
        return await TokensAsync(answer);
    }

    private async Task<(string Token, string Refresh)> RefreshAsync(Uri door, string refresh)
    {
        using var answer = await PostAsync(door, "/api/v1/auth/refresh", new { refreshToken = refresh });
        return await TokensAsync(answer);
    }

    private async Task EverywhereAsync(Uri[] doors, string token, HttpStatusCode status) => Assert.True(await IsEverywhereAsync(doors, token, status));

    /// <summary>Asks often enough to meet every instance of both services through both doors.</summary>
    private async Task<bool> IsEverywhereAsync(Uri[] doors, string token, HttpStatusCode status)
    {
        foreach (var door in doors.SelectMany(door => Enumerable.Repeat(door, 4)))
        {
            foreach (var path in new[] { "/user-api/users/me", "/api/v1/auth/sessions" })
            {
                using var answer = await SendAsync(HttpMethod.Get, door, path, null, token);
                if (answer.StatusCode != status)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private Task<HttpResponseMessage> PostAsync(Uri door, string path, object body, string? token = null, string? key = null) => SendAsync(HttpMethod.Post, door, path, body, token, key);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri door, string path, object? body, string? token, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(door, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _http.SendAsync(request, Ct);
    }

    [GeneratedRegex(@"^  (?<app>\S+) +(?<url>http://\S+) +http", RegexOptions.Multiline)]
    private static partial Regex Row();
}

using System.Collections.Concurrent;
using System.Net;
using DaprMesh.Contracts;
using DaprMesh.Testing;

namespace DaprMesh.Identity.Tests;

/// <summary>Keys, sessions and roles change while people are at work: it counts everywhere, and nobody who may is refused.</summary>
public sealed class ChangeTests(IdentityMesh mesh)
{
    private static readonly string[] Paths = ["user-api/users/me", "api/v1/auth/sessions", "api/products/"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_are_rotated_under_load_and_no_request_fails()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => mesh.CustomerAsync()));
        await using var load = new Load(mesh, people);
        var before = await KeysAsync();

        for (var rotation = 0; rotation < 3; rotation++)
        {
            using var rotated = await mesh.SendAsync(HttpMethod.Post, "api/v1/auth/keys/rotate", mesh.Admin, new { });
            Assert.Equal(HttpStatusCode.OK, rotated.StatusCode);
            var old = KeyIdOf(people[0]);
            await Eventually.TrueAsync(async () => KeyIdOf(people[0] = await mesh.LogInAsync(people[0].Name, IdentityMesh.Password)) != old, Ct);
            await load.GoesOnAsync(200);
        }

        Assert.True((await KeysAsync()).Count > before.Count);
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task A_new_role_counts_for_the_old_token_and_what_is_taken_away_is_gone()
    {
        var person = await mesh.CustomerAsync();
        await using var load = new Load(mesh, [person]);

        await SetRolesAsync(person, Roles.Staff);
        await Eventually.TrueAsync(async () => await StatusAsync("api/v1/users?limit=1", person) == HttpStatusCode.OK, Ct);
        await SetRolesAsync(person, Roles.Customer);
        await Eventually.TrueAsync(async () => await StatusAsync("api/v1/users?limit=1", person) == HttpStatusCode.Forbidden, Ct);

        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task What_a_role_may_do_changes_for_every_service()
    {
        var student = await mesh.PersonAsync(Roles.Student);
        try
        {
            await AllowAsync(Roles.Student, Permissions.UsersRead);
            await Eventually.TrueAsync(async () => await StatusAsync("api/v1/users?limit=1", student) == HttpStatusCode.OK, Ct);
        }
        finally
        {
            await AllowAsync(Roles.Student, [.. Permissions.Defaults[Roles.Student]]);
        }

        await Eventually.TrueAsync(async () => await StatusAsync("api/v1/users?limit=1", student) == HttpStatusCode.Forbidden, Ct);
    }

    private static string KeyIdOf(Person person)
    {
        var header = System.Buffers.Text.Base64Url.DecodeFromChars(person.AccessToken.AsSpan(0, person.AccessToken.IndexOf('.', StringComparison.Ordinal)));
        return System.Text.Json.JsonDocument.Parse(header).RootElement.GetProperty("kid").GetString() ?? "";
    }

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        using var answer = await mesh.SendAsync(HttpMethod.Get, ".well-known/jwks.json", null);
        return [.. (await IdentityMesh.ReadAsync(answer)).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString() ?? "")];
    }

    private async Task<HttpStatusCode> StatusAsync(string path, Person person)
    {
        using var answer = await mesh.SendAsync(HttpMethod.Get, path, person);
        return answer.StatusCode;
    }

    private async Task SetRolesAsync(Person person, params string[] roles)
    {
        using var answer = await mesh.SendAsync(HttpMethod.Put, $"api/v1/auth/accounts/{person.Id}/roles", mesh.Admin, new { roles });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task AllowAsync(string role, params string[] permissions)
    {
        using var answer = await mesh.SendAsync(HttpMethod.Put, $"api/v1/auth/roles/{role}", mesh.Admin, new { permissions });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>People who ask every service for something they may have, one request after the other, until disposed.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly ConcurrentQueue<string> _failures = new();
        private readonly Task _all;
        private int _count;

        public Load(IdentityMesh mesh, IReadOnlyList<Person> people) => _all = Task.WhenAll(people.Select(person => Task.Run(async () =>
        {
            for (var turn = 0; !_end.IsCancellationRequested; turn++)
            {
                var path = Paths[turn % Paths.Length];
                using var answer = await mesh.SendAsync(HttpMethod.Get, path, person);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    _failures.Enqueue($"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                }

                Interlocked.Increment(ref _count);
            }
        })));

        public IReadOnlyCollection<string> Failures => _failures;

        /// <summary>Waits for so many more requests.</summary>
        public Task GoesOnAsync(int more)
        {
            var goal = Volatile.Read(ref _count) + more;
            return Eventually.TrueAsync(() => Volatile.Read(ref _count) >= goal || _all.IsFaulted, Ct);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _all;
            _end.Dispose();
        }
    }
}

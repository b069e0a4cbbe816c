using DaprMesh.Testing;

namespace DaprMesh.Auth.Tests.Processes;

public sealed class ReplicaTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_replicas_on_one_database_behave_as_one()
    {
        var folder = Directory.CreateTempSubdirectory("auth-");
        try
        {
            var starting = new[] { AuthProcess.StartAsync(folder.FullName, Ct), AuthProcess.StartAsync(folder.FullName, Ct) };
            await using var one = await starting[0];
            await using var two = await starting[1];
            var password = Assert.Single(new[] { one.AdminPassword, two.AdminPassword }, shown => shown is not null)!;

            // A session of one is a session of the other, and its end counts there.
            var admin = await one.LoginAsync("admin", password, Ct);
            Assert.Equal(200, await StatusAsync(two, HttpMethod.Get, "api/v1/auth/sessions", admin.Access));
            var (_, made) = await one.SendAsync(HttpMethod.Post, "auth/register", new { username = "person", password = AuthMesh.Password }, null, Ct);
            var person = await two.LoginAsync("person", AuthMesh.Password, Ct);
            var (status, refreshed) = await one.SendAsync(HttpMethod.Post, "auth/refresh", new { refreshToken = person.Refresh }, null, Ct);
            Assert.Equal(200, status);
            person = AuthProcess.TokensOf(refreshed);
            Assert.Equal(200, await StatusAsync(one, HttpMethod.Get, "api/v1/auth/sessions", person.Access));
            Assert.Equal(204, await StatusAsync(two, HttpMethod.Post, "auth/logout", person.Access));
            await HoldsSoonAsync(async () => await StatusAsync(one, HttpMethod.Get, "api/v1/auth/sessions", person.Access) == 401);

            // Roles, too.
            person = await one.LoginAsync("person", AuthMesh.Password, Ct);
            Assert.Equal(403, await StatusAsync(two, HttpMethod.Get, "api/v1/auth/audit", person.Access));
            var id = made.GetProperty("userId").GetString();
            Assert.Equal(200, await StatusAsync(one, HttpMethod.Put, $"api/v1/auth/accounts/{id}/roles", admin.Access, new { roles = new[] { "admin" } }));
            await HoldsSoonAsync(async () => await StatusAsync(two, HttpMethod.Get, "api/v1/auth/audit", person.Access) == 200);

            // Keys rotate under load without a failed request.
            using var stop = new CancellationTokenSource();
            var load = Task.WhenAll(new[] { one, two }.SelectMany(replica => Enumerable.Range(0, 4).Select(async _ =>
            {
                var token = admin;
                while (!stop.IsCancellationRequested)
                {
                    Assert.Equal(200, await StatusAsync(replica, HttpMethod.Get, "api/v1/auth/sessions", token.Access));
                    token = await replica.LoginAsync("person", AuthMesh.Password, Ct);
                }
            })));
            Assert.Equal(200, await StatusAsync(two, HttpMethod.Post, "api/v1/auth/keys/rotate", admin.Access));
            await HoldsSoonAsync(async () =>
                KidOf((await one.LoginAsync("person", AuthMesh.Password, Ct)).Access) != KidOf(admin.Access)
                && KidOf((await two.LoginAsync("person", AuthMesh.Password, Ct)).Access) != KidOf(admin.Access));
            await stop.CancelAsync();
            await load;

            // Failures add up: five in a row lock the account, whoever counted them.
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(401, await StatusAsync(i % 2 == 0 ? one : two, HttpMethod.Post, "auth/login", null, new { username = "person", password = "wrong password" }));
            }

            foreach (var replica in new[] { one, two })
            {
                Assert.Equal(401, await StatusAsync(replica, HttpMethod.Post, "auth/login", null, new { username = "person", password = AuthMesh.Password }));
            }

            var (_, verdict) = await two.SendAsync(HttpMethod.Get, "api/v1/auth/audit/verify", null, admin.Access, Ct);
            Assert.True(verdict.GetProperty("valid").GetBoolean());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task HoldsSoonAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(condition, Ct);
        TestContext.Current.TestOutputHelper?.WriteLine($"after {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0} ms; wanted within {AtOnce}");
    }

    private static async Task<int> StatusAsync(AuthProcess auth, HttpMethod method, string path, string? token, object? body = null) =>
        (await auth.SendAsync(method, path, body, token, Ct)).Status;

    private static string KidOf(string token) => System.Text.Json.JsonSerializer
        .Deserialize<System.Text.Json.JsonElement>(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString()!;
}

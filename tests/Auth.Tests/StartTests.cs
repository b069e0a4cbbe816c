using DaprMesh.Auth.Storage;
using DaprMesh.Testing;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Auth.Tests;

public sealed class StartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_shows_the_administrators_password_once_and_not_in_the_log()
    {
        await using var auth = await AuthMesh.StartAsync(Ct, hasAdminPassword: false);
        var line = Assert.Single(auth.Output);
        Assert.StartsWith("notice: The administrator is admin, the password is ", line, StringComparison.Ordinal);
        var password = line.Split("the password is ")[1].Split(' ')[0];
        await auth.LoginAsync("admin", Ct, password);
        Assert.DoesNotContain(auth.Mesh.Log, entry => entry.Contains(password, StringComparison.Ordinal));
        await auth.Mesh.RestartAsync("auth", Ct);
        Assert.Single(auth.Output);
        await auth.LoginAsync("admin", Ct, password);
    }

    [Fact]
    public async Task A_given_password_is_taken_and_not_shown()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        Assert.Empty(auth.Output);
        await auth.AdminAsync(Ct);
    }

    [Fact]
    public async Task What_was_there_is_there_after_a_restart()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var tokens = await auth.NewcomerAsync(Ct);
        await auth.Mesh.RestartAsync("auth", Ct);
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, tokens.Access));
        await auth.RefreshAsync(tokens.Refresh, Ct);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_left_alone()
    {
        var folder = Directory.CreateTempSubdirectory("auth-");
        try
        {
            var path = Path.Combine(folder.FullName, "auth.db");
            using (var database = new AuthDatabase(new SqliteProvider(path)))
            {
                Assert.Equal(Migrations.All.Count, await Migrations.ApplyAsync(database, TimeProvider.System));
                Assert.Equal(0, await Migrations.ApplyAsync(database, TimeProvider.System));
                await database.WriteAsync(session => session.Execute("INSERT INTO schema_versions (version, name, applied_at) VALUES (99, 'later', 0)"));
            }

            var error = await Assert.ThrowsAsync<MeshStartException>(() => AuthMesh.StartAsync(Ct, app => app.Settings["Auth__DataPath"] = folder.FullName));
            Assert.Contains("schema 99", error.Message, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_half_done()
    {
        var folder = Directory.CreateTempSubdirectory("auth-");
        try
        {
            using var database = new AuthDatabase(new SqliteProvider(Path.Combine(folder.FullName, "auth.db")));
            Migration[] known = [new(1, "one", "CREATE TABLE one (id TEXT)"), new(2, "two", "CREATE TABLE two (id TEXT); CREATE TABLE one (id TEXT)")];
            await Assert.ThrowsAsync<SqliteException>(() => Migrations.ApplyAsync(database, known, TimeProvider.System));
            Assert.Equal(1, database.Read(session => session.Number("SELECT max(version) FROM schema_versions")));
            Assert.Equal(0, database.Read(session => session.Number("SELECT count(*) FROM sqlite_master WHERE name = 'two'")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Too_many_passwords_at_once_are_sent_away_at_once()
    {
        await using var auth = await AuthMesh.StartAsync(Ct, app =>
        {
            app.Settings["Auth__PasswordIterations"] = "400000";
            app.Settings["Auth__HashingWorkers"] = "1";
            app.Settings["Auth__HashingQueue"] = "1";
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => auth.PostAsync("auth/login", new { username = "name" + number, password = "some password" }, Ct)));
        Assert.Contains(answers, answer => (int)answer.StatusCode == 503 && answer.Headers.RetryAfter is not null);
        Assert.Contains(answers, answer => (int)answer.StatusCode == 401);
        Assert.All(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task A_login_brings_an_old_hash_to_todays_cost()
    {
        var folder = Directory.CreateTempSubdirectory("auth-");
        try
        {
            string before;
            await using (var auth = await AuthMesh.StartAsync(Ct, app => app.Settings["Auth__DataPath"] = folder.FullName))
            {
                await auth.RegisterAsync("veteran", Ct);
                before = HashOf(folder.FullName);
            }

            await using (var auth = await AuthMesh.StartAsync(Ct, app =>
            {
                app.Settings["Auth__DataPath"] = folder.FullName;
                app.Settings["Auth__PasswordIterations"] = "2000";
            }))
            {
                await auth.LoginAsync("veteran", Ct);
                Assert.NotEqual(before, HashOf(folder.FullName));
                var after = HashOf(folder.FullName);
                await auth.LoginAsync("veteran", Ct);
                Assert.Equal(after, HashOf(folder.FullName));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_api_document_describes_every_route()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        using var answer = await auth.GetAsync("openapi.json", Ct);
        Assert.Equal(200, (int)answer.StatusCode);
        var document = await AuthMesh.JsonAsync(answer, Ct);
        foreach (var schema in new[] { "RegisterRequest", "LoginRequest", "ValidateAnswer", "CheckPermissionAnswer" })
        {
            Assert.True(document.GetProperty("components").GetProperty("schemas").TryGetProperty(schema, out _), schema);
        }

        var paths = document.GetProperty("paths");
        foreach (var path in new[] { "/auth/register", "/auth/login", "/auth/logout", "/auth/validate", "/user-api/token", "/api/v1/auth/check-permission", "/.well-known/jwks.json" })
        {
            Assert.True(paths.TryGetProperty(path, out _), path);
        }

        Assert.All(
            paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()),
            operation => Assert.True(operation.Value.TryGetProperty("summary", out _) && operation.Value.TryGetProperty("operationId", out _)));
    }

    private static string HashOf(string folder)
    {
        using var database = new AuthDatabase(new SqliteProvider(Path.Combine(folder, "auth.db")));
        return database.Read(session => session.Text("SELECT password_hash FROM accounts WHERE username = 'veteran'"))!;
    }
}

using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Tests.Processes;

public sealed class KillTests
{
    private const int Rounds = 5;
    private const int Clients = 16;

    [Fact]
    public async Task A_kill_in_a_storm_leaves_no_half_made_account_and_a_whole_audit_and_loses_nothing_acknowledged()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("auth-");
        try
        {
            var clients = Enumerable.Range(0, Clients).Select(number => new StormClient(number)).ToList();
            for (var round = 0; round < Rounds; round++)
            {
                await using var auth = await AuthProcess.StartAsync(folder.FullName, ct);
                await Task.WhenAll(clients.Select(client => client.CheckAsync(auth, ct)));
                var storm = Task.WhenAll(clients.Select(client => client.RunAsync(auth, ct)));
                await Task.WhenAny(storm, Task.Delay(TimeSpan.FromMilliseconds(400 + (150 * round)), TimeProvider.System, ct));
                await auth.KillAsync(ct);
                await storm;
            }

            Assert.All(clients, client => Assert.NotEmpty(client.Registered));
            using var database = new AuthDatabase(new SqliteProvider(Path.Combine(folder.FullName, "auth.db")));
            Assert.Equal("ok", database.Read(session => session.Text("PRAGMA integrity_check")));
            var verdict = await VerifyAudit.RunAsync(database, ct);
            Assert.True(verdict.Valid, verdict.FirstBroken?.Reason);

            // An account, its names, its row in the audit and its event are one thing.
            string[] accounts = Ids(database, "SELECT id FROM accounts ORDER BY id");
            Assert.Equal(accounts, Ids(database, "SELECT account_id FROM audit WHERE kind = 'account.registered' ORDER BY account_id"));
            Assert.Equal(accounts, Ids(database, "SELECT subject FROM outbox WHERE topic = 'account-registered' ORDER BY subject"));
            Assert.Equal(accounts, Ids(database, "SELECT DISTINCT account_id FROM login_names ORDER BY account_id"));
            Assert.Subset(accounts.ToHashSet(), clients.SelectMany(client => client.Registered).ToHashSet());
            string[] sessions = Ids(database, "SELECT id FROM sessions ORDER BY id");
            Assert.Equal(sessions, Ids(database, "SELECT session_id FROM audit WHERE kind = 'login.succeeded' ORDER BY session_id"));
            Assert.Equal(sessions, Ids(database, "SELECT DISTINCT session_id FROM refresh_tokens ORDER BY session_id"));
            TestContext.Current.TestOutputHelper?.WriteLine($"{accounts.Length} accounts, {sessions.Length} sessions, {verdict.Rows} rows");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Ids(AuthDatabase database, string sql) => [.. database.Read(session => session.Query(sql, row => row.GetString(0)))];

    /// <summary>Registers, logs in, refreshes and logs out, and remembers what was acknowledged.</summary>
    private sealed class StormClient(int number)
    {
        private int _accounts;
        private string? _name;
        private string? _refreshToken;

        public List<string> Registered { get; } = [];

        /// <summary>The last account that was acknowledged can log in; the last refresh token that was can be used, or was, and gives its successor.</summary>
        public async Task CheckAsync(AuthProcess auth, CancellationToken ct)
        {
            if (_name is not null)
            {
                await auth.LoginAsync(_name, AuthMesh.Password, ct);
            }

            if (_refreshToken is not null)
            {
                var (status, _) = await auth.SendAsync(HttpMethod.Post, "auth/refresh", new { refreshToken = _refreshToken }, null, ct);
                Assert.Equal(200, status);
                _refreshToken = null;
            }
        }

        public async Task RunAsync(AuthProcess auth, CancellationToken ct)
        {
            try
            {
                while (true)
                {
                    var name = $"storm{number}.{_accounts++}";
                    var (status, body) = await auth.SendAsync(HttpMethod.Post, "auth/register", new { username = name, password = AuthMesh.Password }, null, ct);
                    Assert.Equal(201, status);
                    Registered.Add(body.GetProperty("userId").GetString()!);
                    _name = name;
                    var tokens = await auth.LoginAsync(name, AuthMesh.Password, ct);
                    for (var i = 0; i < 3; i++)
                    {
                        _refreshToken = tokens.Refresh;
                        (status, body) = await auth.SendAsync(HttpMethod.Post, "auth/refresh", new { refreshToken = tokens.Refresh }, null, ct);
                        Assert.Equal(200, status);
                        tokens = AuthProcess.TokensOf(body);
                    }

                    _refreshToken = null;
                    (status, _) = await auth.SendAsync(HttpMethod.Post, "auth/logout", null, tokens.Access, ct);
                    Assert.Equal(204, status);
                }
            }
            catch (HttpRequestException)
            {
                // Killed: what was under way may have been written or not.
            }
        }
    }
}

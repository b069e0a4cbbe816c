using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using DaprMesh.Sidecar.Tests;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Processes.Tests.Start;

public sealed class BadStartTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "duplicate definition of Component name a (pubsub.in-memory/v1) with existing a (state.in-memory/v1)",
        "one.yaml", "state.in-memory", "two.yaml", "pubsub.in-memory")]
    [InlineData("couldn't find state store state.nothing/v1", "one.yaml", "state.nothing")]
    [InlineData("incorrect type nothing", "one.yaml", "nothing")]
    [InlineData("missing connection string", "one.yaml", "state.sqlite")]
    public async Task A_component_that_cannot_be_ends_the_sidecar_with_the_reason(string reason, params string[] filesAndTypes)
    {
        using var folder = new TempFolder();
        foreach (var pair in filesAndTypes.Chunk(2))
            await Resources.WriteAsync(folder.Path, pair[0], Resources.Component("a", pair[1]), Ended);

        await EndsAsync(folder, reason);
    }

    [Fact]
    public async Task A_secret_that_is_missing_ends_a_sidecar_that_needs_it()
    {
        using var folder = new TempFolder();
        await Resources.WriteComponentAsync(folder.Path, "secrets", "secretstores.local.env", Ended);
        await Resources.WriteAsync(folder.Path, "store.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: store
            spec:
              type: state.sqlite
              version: v1
              metadata:
              - name: connectionString
                secretKeyRef: { name: NOT_SET, key: NOT_SET }
            auth:
              secretStore: secrets
            """, Ended);

        await EndsAsync(folder, "initialization error occurred for store (state.sqlite/v1)");
    }

    [Theory]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n\tname: a\nspec:\n  type: state.in-memory\n", "invalid tab")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: &m\n  name: *m\n", "bad.yaml")]
    [InlineData(
        "apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata:\n  name: r\nspec:\n  policies:\n    timeouts: { t: soon }\n",
        "expected a duration")]
    [InlineData(
        "apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata:\n  name: r\nspec:\n  policies: {}\n  targets:\n    apps:\n      b: { timeout: x, retry: y, circuitBreaker: z }\n",
        null)]
    public async Task A_file_that_makes_no_sense_is_named_and_left_out(string yaml, string? said)
    {
        using var folder = new TempFolder();
        await Resources.WriteAsync(folder.Path, "bad.yaml", yaml, Ended);
        await Resources.WriteComponentAsync(folder.Path, "store", "state.in-memory", Ended);
        await using var sidecar = RunningSidecar.Of(folder.Path, "bad", []);

        await sidecar.StartAsync(Ended);

        Assert.Contains("\"store\"", await sidecar.Api.GetStringAsync("v1.0/metadata", Ended), StringComparison.Ordinal);
        if (said is not null)
            await Eventually.HoldsAsync(() => sidecar.Said().Contains(said, StringComparison.Ordinal), TimeSpan.FromSeconds(5), sidecar.Said, Ended);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_sidecar()
    {
        using var folder = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        Directory.CreateDirectory(folder.File("resources"));

        await EndsAsync(folder, $"port {port} is in use", "--dapr-http-port", port);
    }

    [Theory]
    [InlineData("state.sqlite")]
    [InlineData("pubsub.sqlite")]
    [InlineData("configuration.sqlite")]
    [InlineData("lock.sqlite")]
    public async Task A_file_of_somebody_else_is_refused_and_left_as_it_is(string type)
    {
        using var folder = new TempFolder();
        var path = folder.File("photo.jpg");
        await File.WriteAllBytesAsync(path, RandomNumberGenerator.GetBytes(20_000), Ended);

        await RefusesAsync(folder, type, path, "is not a SQLite database");
    }

    [Theory]
    [InlineData("state.sqlite")]
    [InlineData("pubsub.sqlite")]
    public async Task A_damaged_database_is_refused_and_left_as_it_is(string type)
    {
        using var folder = new TempFolder();
        var path = folder.File("store.db");
        Execute(path, "CREATE TABLE other (text); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO other SELECT hex(randomblob(50)) FROM n");
        await using (var file = File.OpenWrite(path))
        {
            file.Position = 3 * 4096;
            await file.WriteAsync(RandomNumberGenerator.GetBytes(4 * 4096), Ended);
        }

        await RefusesAsync(folder, type, path, "is damaged");
    }

    [Fact]
    public async Task A_table_of_somebody_else_is_refused_and_keeps_its_rows()
    {
        using var folder = new TempFolder();
        var path = folder.File("states.db");
        Execute(path, "CREATE TABLE state (code TEXT, country TEXT); INSERT INTO state VALUES ('TX', 'USA')");
        await Resources.WriteComponentAsync(folder.Path, "a", "state.sqlite", Ended, ("connectionString", path));

        await EndsAsync(folder, "initialization error occurred for a (state.sqlite/v1)");

        Assert.Equal("TX", Execute(path, "SELECT code FROM state"));
    }

    private static async Task RefusesAsync(TempFolder folder, string type, string path, string reason)
    {
        var before = SHA256.HashData(await File.ReadAllBytesAsync(path, Ended));
        await Resources.WriteComponentAsync(folder.Path, "a", type, Ended, ("connectionString", path));

        await EndsAsync(folder, $"{path} {reason}");

        Assert.Equal(before, SHA256.HashData(await File.ReadAllBytesAsync(path, Ended)));
    }

    private static async Task EndsAsync(TempFolder folder, string reason, params string[] flags)
    {
        await using var sidecar = RunningSidecar.Of(folder.Path, "bad", flags);
        await sidecar.LaunchAsync();
        await sidecar.Process.WaitForExitAsync(TimeSpan.FromSeconds(30), Ended);

        Assert.True(sidecar.Process.ExitCode == 1, $"exit code {sidecar.Process.ExitCode}\n{sidecar.Said()}");
        Assert.Contains(sidecar.Process.Log, line =>
            line.Contains("level=fatal", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
    }

    private static string? Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }
}

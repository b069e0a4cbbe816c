using System.Globalization;
using System.Reflection;

namespace DaprMesh.Auth.Storage;

/// <summary>Brings a database to the schema of this program: each numbered file once, in its own transaction.</summary>
internal static class Migrations
{
    private const string Table =
        "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";

    /// <summary>The migrations in this program, by number.</summary>
    public static IReadOnlyList<Migration> All { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
        .Select(name => new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name[5..^4], Text(name)))
        .OrderBy(migration => migration.Version)];

    /// <summary>Applies what is missing, and says how much that was.</summary>
    /// <exception cref="SchemaTooNewException">A later version of the program has used the database.</exception>
    public static Task<int> ApplyAsync(AuthDatabase database, TimeProvider clock) => ApplyAsync(database, All, clock);

    internal static async Task<int> ApplyAsync(AuthDatabase database, IReadOnlyList<Migration> known, TimeProvider clock)
    {
        var newest = known[^1].Version;
        await database.WriteAsync(session => session.Execute(Table));
        var applied = 0;
        foreach (var migration in known)
        {
            applied += await database.WriteAsync(session => Apply(session, migration, newest, database.Name, clock));
        }

        return applied;
    }

    /// <summary>Looks again inside the transaction: another replica may start at the same moment.</summary>
    private static int Apply(DbSession session, Migration migration, int newest, string name, TimeProvider clock)
    {
        var current = session.Number("SELECT max(version) FROM schema_versions") ?? 0;
        if (current > newest)
        {
            throw new SchemaTooNewException(
                $"The database {name} has schema {current}, and this program knows {newest} at most: a newer version has used it. Start that version, or restore a copy from before it.");
        }

        if (current >= migration.Version)
        {
            return 0;
        }

        session.Execute(migration.Sql);
        session.Execute(
            "INSERT INTO schema_versions (version, name, applied_at) VALUES (@version, @name, @now)",
            ("version", (long)migration.Version), ("name", migration.Name), ("now", clock.GetUtcNow().ToUnixTimeMilliseconds()));
        return 1;
    }

    private static string Text(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!; // listed above
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>One numbered step of the schema.</summary>
internal sealed record Migration(int Version, string Name, string Sql);

/// <summary>The database belongs to a newer version of the program.</summary>
internal sealed class SchemaTooNewException(string message) : Exception(message);

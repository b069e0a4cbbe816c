using Microsoft.Data.Sqlite;

namespace DaprMesh.Golden.Tests.Facts;

/// <summary>Changes the table of configuration.sqlite past the sidecar, as an operator would.</summary>
internal static class ConfigurationTable
{
    /// <summary>Sets a key to "value||version" or "value", the way a recording writes it for Redis.</summary>
    public static Task SetAsync(string database, string key, string item, CancellationToken ct)
    {
        var parts = item.Split("||");
        return SetAsync(database, key, parts[0], parts.Length > 1 ? parts[1] : null, ct);
    }

    public static Task SetAsync(string database, string key, string value, string? version, CancellationToken ct) => ExecuteAsync(
        database,
        """
        INSERT INTO configuration(key, value, version) VALUES ($key, $value, $version)
        ON CONFLICT(key) DO UPDATE SET value = excluded.value, version = excluded.version
        """,
        [new("$key", key), new("$value", value), new("$version", version ?? "")],
        ct);

    public static Task DeleteAsync(string database, string key, CancellationToken ct) =>
        ExecuteAsync(database, "DELETE FROM configuration WHERE key = $key", [new("$key", key)], ct);

    private static async Task ExecuteAsync(string database, string sql, SqliteParameter[] parameters, CancellationToken ct)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(ct);
    }
}

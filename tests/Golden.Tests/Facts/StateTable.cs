using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Golden.Tests.Facts;

/// <summary>Reads the table of state.sqlite past the sidecar.</summary>
internal static class StateTable
{
    public static async Task<JsonArray> RowsAsync(string database, CancellationToken ct)
    {
        var rows = new JsonArray();
        await using var connection = await OpenAsync(database, ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, value, is_binary FROM state ORDER BY key";
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(new JsonArray(reader.GetString(0), reader.GetString(1), reader.GetInt32(2)));
        return rows;
    }

    /// <summary>The table as its file says it was made.</summary>
    public static async Task<JsonArray> DefinitionAsync(string database, CancellationToken ct)
    {
        await using var connection = await OpenAsync(database, ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'state'";
        return [new JsonArray((string?)await command.ExecuteScalarAsync(ct))];
    }

    public static async Task<JsonArray> KeysAsync(string database, CancellationToken ct)
    {
        var rows = await RowsAsync(database, ct);
        return new JsonArray(rows.Select(row => row![0]!.DeepClone()).ToArray());
    }

    private static async Task<SqliteConnection> OpenAsync(string database, CancellationToken ct)
    {
        var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync(ct);
        return connection;
    }
}

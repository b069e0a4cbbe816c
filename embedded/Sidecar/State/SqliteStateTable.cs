using System.Globalization;
using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Sidecar.State;

/// <summary>The tables of a state.sqlite component, as daprd lays them out, and the statements on them.</summary>
internal sealed class SqliteStateTable
{
    /// <summary>SQLite keeps the text of a table: with daprd's indentation a file is the same whichever of the two made it.</summary>
    private const string Indent = "\n\t\t\t\t\t\t\t";

    private static readonly string[] Definitions =
    [
        "key TEXT NOT NULL PRIMARY KEY,",
        "value TEXT NOT NULL,",
        "is_binary BOOLEAN NOT NULL,",
        "etag TEXT NOT NULL,",
        "expiration_time TIMESTAMP DEFAULT NULL,",
        "update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP",
    ];

    private static readonly string[] Columns = ["key", "value", "is_binary", "etag", "expiration_time", "update_time"];

    private readonly string _name;
    private readonly string _metadata;

    public SqliteStateTable(Component component)
    {
        _name = component.Find("tableName") is { Length: > 0 } name ? name : "state";
        _metadata = component.Find("metadataTableName") is { Length: > 0 } metadata ? metadata : "metadata";
        const string Live = "(expiration_time IS NULL OR expiration_time > $5)";
        Select = $"SELECT value, is_binary, etag, expiration_time FROM {_name} WHERE key = $1 AND (expiration_time IS NULL OR expiration_time > $2)";
        Upsert = $"INSERT OR REPLACE INTO {_name} (key, value, is_binary, etag, update_time, expiration_time) VALUES ($1, $2, $3, $4, $5, $6)";
        InsertIfAbsent = $"""
            INSERT OR REPLACE INTO {_name} (key, value, is_binary, etag, update_time, expiration_time)
            SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT 1 FROM {_name} WHERE key = $1 AND {Live})
            """;
        UpdateIfMatch = $"""
            UPDATE {_name} SET value = $2, is_binary = $3, etag = $4, update_time = $5, expiration_time = $6
            WHERE key = $1 AND etag = $7 AND {Live}
            """;
        Delete = $"DELETE FROM {_name} WHERE key = $1";
        DeleteIfMatch = $"DELETE FROM {_name} WHERE key = $1 AND etag = $2";
    }

    /// <summary>Parameters: key, now.</summary>
    public string Select { get; }

    /// <summary>Parameters, here and in the next two: key, value, is_binary, etag, now, expiry.</summary>
    public string Upsert { get; }

    public string InsertIfAbsent { get; }

    /// <summary>One parameter more: the ETag the row must have.</summary>
    public string UpdateIfMatch { get; }

    public string Delete { get; }

    public string DeleteIfMatch { get; }

    /// <exception cref="StateStoreException">A table name would not be one, but SQL.</exception>
    public void Validate()
    {
        foreach (var name in (ReadOnlySpan<string>)[_name, _metadata])
        {
            if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            {
                throw new StateStoreException($"invalid identifier: {name}");
            }
        }
    }

    /// <summary>Makes what is missing and refuses a table of that name that is not a state table.</summary>
    /// <exception cref="SqliteFileException">The table has other columns.</exception>
    public bool Create(SqliteSession session)
    {
        session.Execute($"CREATE TABLE IF NOT EXISTS {_metadata} (key text NOT NULL PRIMARY KEY, value text NOT NULL)");
        session.Execute($"CREATE TABLE IF NOT EXISTS {_name} ({string.Concat(Definitions.Select(column => Indent + column))}{Indent[..^1]})");
        var found = session.Query($"SELECT name FROM pragma_table_info('{_name}')", row => row.GetString(0));
        if (Columns.Except(found, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } missing)
        {
            throw new SqliteFileException(
                $"table {_name} in {session.Connection.DataSource} is not a state table: it has no column {missing}; it was left as it is");
        }

        var level = session.Scalar($"SELECT value FROM {_metadata} WHERE key = 'migrations'") as string ?? "0";
        if (!int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var migrations))
        {
            throw new SqliteFileException($"invalid migration level found in metadata table: {level}");
        }

        if (migrations < 1)
        {
            session.Execute($"REPLACE INTO {_metadata} (key, value) VALUES ('migrations', '1')");
        }

        return true;
    }

    /// <summary>Deletes what has expired, unless another sidecar did so less than an interval ago.</summary>
    public int Sweep(SqliteSession session, string now, string intervalAgo)
    {
        var ours = session.Execute(
            $"""
            INSERT INTO {_metadata} (key, value) VALUES ('last-cleanup', $1)
            ON CONFLICT (key) DO UPDATE SET value = $1 WHERE value <= $2
            """,
            now,
            intervalAgo);
        return ours == 0 ? 0 : session.Execute($"DELETE FROM {_name} WHERE expiration_time IS NOT NULL AND expiration_time < $1", now);
    }
}

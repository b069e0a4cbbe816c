using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
public sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PreparedStatement> _statements = new(StringComparer.Ordinal);

    public SqliteConnection Connection { get; } = connection;

    /// <summary>The prepared statement of a constant SQL text; dispose it after use, before the same text is used again.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var prepared))
        {
            _statements[sql] = prepared = new PreparedStatement(Handle, sql);
        }

        return new SqliteStatement(Handle, prepared);
    }

    /// <summary>The command of a constant SQL text with parameters <c>$1</c>, <c>$2</c> …, bound to the values; null is NULL.</summary>
    public SqliteCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (i + 1) });
            }

            _commands[sql] = command;
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = Bound(sql, values);
        return statement.Run();
    }

    /// <summary>The first column of the first row; null for NULL and for no row.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = Bound(sql, values);
        return statement.Step() ? statement.Value(0) : null;
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        using var reader = Command(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        Connection.Dispose();
    }

    internal sqlite3 Handle => Connection.Handle!;

    private SqliteStatement Bound(string sql, ReadOnlySpan<object?> values)
    {
        var statement = Prepare(sql);
        for (var i = 0; i < values.Length; i++)
        {
            statement.Bind(i + 1, values[i]);
        }

        return statement;
    }
}

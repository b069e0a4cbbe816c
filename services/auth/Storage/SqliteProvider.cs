using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Auth.Storage;

/// <summary>One SQLite file with a write-ahead log, which several processes of this machine may share.</summary>
internal sealed class SqliteProvider : IDatabaseProvider
{
    private readonly string _path;
    private readonly string _connectionString;

    public SqliteProvider(string path)
    {
        SqliteLibrary.Use();
        _path = Path.GetFullPath(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, ForeignKeys = true }.ToString();
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!); // a full path of a file has a folder
        if (!OperatingSystem.IsWindows() && !File.Exists(_path))
        {
            // It holds the signing keys.
            new FileStream(_path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
    }

    public string Name => $"{_path} with {SqliteLibrary.Use()}";

    public DbConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
        command.ExecuteNonQuery();
        return connection;
    }

    public void Begin(DbSession session) => session.Execute("BEGIN IMMEDIATE");
}

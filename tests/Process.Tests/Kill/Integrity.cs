using Microsoft.Data.Sqlite;

namespace DaprMesh.Processes.Tests.Kill;

/// <summary>SQLite's own opinion of every database below a folder.</summary>
internal static class Integrity
{
    public static IReadOnlyDictionary<string, string> Of(string folder) => Directory
        .GetFiles(folder, "*.db", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path), Check, StringComparer.Ordinal);

    private static string Check(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!; // it always answers with text
    }
}

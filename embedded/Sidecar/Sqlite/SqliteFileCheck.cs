using Microsoft.Data.Sqlite;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>A file that cannot be used as a database; the message says which and why.</summary>
public sealed class SqliteFileException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Looks at a file before anything is written to it.</summary>
internal static class SqliteFileCheck
{
    /// <summary>A full check reads the whole file; above this size it would be felt at start, and damage shows when it is met.</summary>
    private const long SmallFile = 16 << 20;

    /// <exception cref="SqliteFileException">There is a file, and it is not a SQLite database.</exception>
    public static void Header(string path)
    {
        if (Directory.Exists(path))
        {
            throw new SqliteFileException($"{path} is a folder, not a SQLite database");
        }

        if (!File.Exists(path))
        {
            return;
        }

        Span<byte> start = stackalloc byte[16];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (read > 0 && !start[..read].SequenceEqual("SQLite format 3\0"u8))
        {
            throw new SqliteFileException($"{path} is not a SQLite database; it was left as it is");
        }
    }

    /// <exception cref="SqliteFileException">The database is damaged.</exception>
    public static void Content(string path, SqliteSession session)
    {
        try
        {
            _ = session.Scalar("SELECT count(*) FROM sqlite_master");
            if (new FileInfo(path) is { Exists: true, Length: <= SmallFile }
                && session.Scalar("PRAGMA quick_check(1)") is string verdict and not "ok")
            {
                throw new SqliteFileException($"{path} is damaged: {verdict}; it was left as it is");
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            throw new SqliteFileException($"{path} is damaged: {e.Message}; it was left as it is", e);
        }
    }
}

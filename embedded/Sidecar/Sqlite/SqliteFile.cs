using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>
/// One SQLite file with one writer and group commit: what callers hand in while a commit runs goes into the next transaction together,
/// and each caller is answered after the commit that holds its work. Reads run on their own connections and see what is committed.
/// </summary>
public sealed class SqliteFile : IAsyncDisposable
{
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SqliteChanges _changes = new();
    private readonly SqliteSession _main;
    private readonly SqliteWriter _writer;
    private readonly Lock? _exclusive;
    private volatile bool _closed;

    private SqliteFile(string path, SqliteSession main, bool inMemory, bool wal)
    {
        Path = path;
        _main = main;
        _exclusive = inMemory ? new Lock() : null;
        _writer = new SqliteWriter(
            "sqlite " + System.IO.Path.GetFileName(path), main, wal ? new SqliteCheckpoints() : null, _changes, _exclusive);
    }

    public string Path { get; }

    /// <summary>How often this process has committed to the file.</summary>
    public long Commits => _changes.Commits;

    /// <summary>Opens the file, making it and its folder when they are not there.</summary>
    /// <param name="wal">False: a rollback journal in place of the write-ahead log, for network file systems.</param>
    /// <exception cref="SqliteFileException">The file is something else, or damaged. It is left as it is.</exception>
    public static SqliteFile Open(string path, bool wal = true)
    {
        SqliteLibrary.Use();
        var full = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        SqliteFileCheck.Header(full);

        SqliteSession? main = null;
        try
        {
            main = OpenSession(full);
            SqliteFileCheck.Content(full, main);
            main.Execute(wal ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE");
            main.Execute("PRAGMA synchronous=FULL");
            main.Execute("PRAGMA wal_autocheckpoint=0");
            main.Execute("PRAGMA busy_timeout=0"); // the writer waits in its own way
            return new SqliteFile(full, main, inMemory: false, wal);
        }
        catch (SqliteException e)
        {
            main?.Dispose();
            throw new SqliteFileException($"cannot open {full}: {e.Message}", e);
        }
    }

    /// <summary>A database in memory, gone when it is disposed.</summary>
    public static SqliteFile OpenInMemory()
    {
        SqliteLibrary.Use();
        return new SqliteFile(":memory:", OpenSession(":memory:"), inMemory: true, wal: false);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on the writer, inside the group's transaction, and completes after the commit.
    /// When it throws, what it did is undone and only its own caller sees the exception. It may run a second time after the first was undone,
    /// so it must leave nothing behind outside of the database.
    /// </summary>
    /// <param name="singleStatement">The work is one statement, which SQLite undoes by itself: no savepoint is needed.</param>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, bool singleStatement = false) =>
        WriteAsync(work, static (session, work) => work(session), singleStatement);

    /// <inheritdoc cref="WriteAsync{T}(Func{SqliteSession, T}, bool)"/>
    public Task<T> WriteAsync<TState, T>(TState state, Func<SqliteSession, TState, T> work, bool singleStatement = false)
    {
        var item = new SqliteWork<TState, T>(state, work, singleStatement);
        _writer.Add(item);
        return item.Task;
    }

    public T Read<T>(Func<SqliteSession, T> read) => Read(read, static (session, read) => read(session));

    public T Read<TState, T>(TState state, Func<SqliteSession, TState, T> read)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_exclusive is not null)
        {
            lock (_exclusive)
            {
                return read(_main, state);
            }
        }

        if (!_readers.TryTake(out var session))
        {
            session = OpenSession(Path);
        }

        try
        {
            return read(session, state);
        }
        finally
        {
            _readers.Add(session);
            if (_closed)
            {
                CloseReaders();
            }
        }
    }

    /// <summary>Completes when this process has committed more often than <paramref name="seen"/> times.</summary>
    public Task CommittedAsync(long seen) => _changes.AfterAsync(seen);

    /// <summary>Watches for commits of this process and, every <paramref name="interval"/>, for those of others.</summary>
    public SqliteWatcher Watch(TimeProvider clock, TimeSpan interval) =>
        new(this, _exclusive is null ? OpenSession(Path) : null, clock, interval);

    public async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        await _writer.CloseAsync();
        _closed = true;
        CloseReaders();
        _main.Dispose();
    }

    private void CloseReaders()
    {
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private static SqliteSession OpenSession(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        var session = new SqliteSession(connection);
        session.Execute("PRAGMA busy_timeout=5000");
        session.Execute("PRAGMA mmap_size=0");
        return session;
    }
}

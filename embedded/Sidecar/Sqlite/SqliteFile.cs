using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>
/// One SQLite file with one writer and group commit: what callers hand in while a commit runs goes into the next transaction together,
/// and each caller is answered after the commit that holds its work. Reads run on their own connections and see what is committed.
/// </summary>
public sealed class SqliteFile : IAsyncDisposable
{
    /// <summary>More than this per commit makes the early callers wait for the late ones.</summary>
    private const int MaxGroup = 64;

    private readonly Channel<WriteItem> _queue = Channel.CreateUnbounded<WriteItem>(new() { SingleReader = true });
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly string _connectionString;
    private readonly SqliteSession _writer;
    private readonly Thread _thread;

    private SqliteFile(string path, string connectionString, SqliteSession writer)
    {
        Path = path;
        _connectionString = connectionString;
        _writer = writer;
        _thread = new Thread(WriteLoop) { IsBackground = true, Name = "sqlite " + System.IO.Path.GetFileName(path) };
        _thread.Start();
    }

    public string Path { get; }

    /// <summary>Opens the file, making it and its folder when they are not there.</summary>
    /// <exception cref="SqliteException">The file is not a database, or cannot be opened.</exception>
    public static SqliteFile Open(string path)
    {
        SqliteLibrary.Use();
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        var writer = OpenSession(connectionString);
        writer.Execute("PRAGMA journal_mode=WAL");
        writer.Execute("PRAGMA synchronous=FULL");
        return new SqliteFile(path, connectionString, writer);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on the writer, inside the group's transaction, and completes after the commit.
    /// When it throws, what it did is undone and only its own caller sees the exception.
    /// </summary>
    /// <param name="singleStatement">The work is one statement, which SQLite undoes by itself: no savepoint is needed.</param>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, bool singleStatement = false)
    {
        var item = new WriteItem<T>(work, singleStatement);
        if (!_queue.Writer.TryWrite(item))
        {
            throw new ObjectDisposedException(nameof(SqliteFile), $"{Path} is closed.");
        }

        return item.Task;
    }

    public T Read<T>(Func<SqliteSession, T> read)
    {
        if (!_readers.TryTake(out var session))
        {
            session = OpenSession(_connectionString);
        }

        try
        {
            return read(session);
        }
        finally
        {
            _readers.Add(session);
        }
    }

    public ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SqliteSession OpenSession(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        var session = new SqliteSession(connection);
        session.Execute("PRAGMA busy_timeout=5000");
        session.Execute("PRAGMA mmap_size=0");
        return session;
    }

    private void WriteLoop()
    {
        var reader = _queue.Reader;
        var group = new List<WriteItem>(MaxGroup);
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < MaxGroup && reader.TryRead(out var item))
            {
                group.Add(item);
            }

            Commit(group);
        }
    }

    private void Commit(List<WriteItem> group)
    {
        try
        {
            _writer.Execute("BEGIN IMMEDIATE");
            foreach (var item in group)
            {
                item.Run(_writer);
            }

            _writer.Execute("COMMIT");
        }
        catch (SqliteException e)
        {
            if (!SqliteLibrary.IsAutocommit(_writer.Connection))
            {
                _writer.Execute("ROLLBACK");
            }

            foreach (var item in group)
            {
                item.Fail(e);
            }

            return;
        }

        foreach (var item in group)
        {
            item.Complete();
        }
    }

    private abstract class WriteItem
    {
        public abstract void Run(SqliteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class WriteItem<T>(Func<SqliteSession, T> work, bool singleStatement) : WriteItem
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _error;

        public Task<T> Task => _done.Task;

        public override void Run(SqliteSession session)
        {
            if (!singleStatement)
            {
                session.Execute("SAVEPOINT item");
            }

            try
            {
                _result = work(session);
            }
#pragma warning disable CA1031 // Whatever the work throws belongs to its caller; the others in the group go on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _error = e;
            }

            if (!singleStatement)
            {
                if (_error is not null)
                {
                    session.Execute("ROLLBACK TO item");
                }

                session.Execute("RELEASE item");
            }
        }

        public override void Complete()
        {
            if (_error is null)
            {
                _done.TrySetResult(_result!);
            }
            else
            {
                _done.TrySetException(_error);
            }
        }

        public override void Fail(Exception error) => _done.TrySetException(_error ?? error);
    }
}

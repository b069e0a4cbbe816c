using SQLitePCL;

namespace DaprMesh.Benchmarks.Calibration;

/// <summary>
/// The least that a durable write can be: prepared upserts, as many as wait in one transaction, <c>synchronous=FULL</c>, WAL.
/// It shares no code with the embedded runtime, because it is what that is held against.
/// </summary>
internal sealed class PlainCommits : IDisposable
{
    private const int MaxGroup = 64;
    private readonly object _gate = new();
    private readonly Queue<Write> _waiting = new();
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _upsert;
    private readonly Thread _thread;
    private bool _closed;

    public PlainCommits(string path)
    {
        Check(raw.sqlite3_open(path, out _db));
        foreach (var sql in new[]
                 {
                     "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=1000",
                     "CREATE TABLE item (key TEXT PRIMARY KEY, value TEXT, etag TEXT, updated TIMESTAMP) WITHOUT ROWID",
                 })
        {
            Check(raw.sqlite3_exec(_db, sql));
        }

        Check(raw.sqlite3_prepare_v2(_db, "BEGIN IMMEDIATE", out _begin));
        Check(raw.sqlite3_prepare_v2(_db, "COMMIT", out _commit));
        Check(raw.sqlite3_prepare_v2(_db, "INSERT OR REPLACE INTO item VALUES (?1, ?2, '1', CURRENT_TIMESTAMP)", out _upsert));
        _thread = new Thread(Loop) { IsBackground = true, Name = "plain commits" };
        _thread.Start();
    }

    public Task WriteAsync(byte[] key, byte[] value)
    {
        var write = new Write(key, value);
        lock (_gate)
        {
            _waiting.Enqueue(write);
            Monitor.Pulse(_gate);
        }

        return write.Task;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        foreach (var statement in new[] { _begin, _commit, _upsert })
        {
            statement.Dispose();
        }

        _db.Dispose();
    }

    private void Loop()
    {
        var group = new List<Write>(MaxGroup);
        while (Take(group))
        {
            Step(_begin);
            foreach (var write in group)
            {
                Check(raw.sqlite3_bind_text(_upsert, 1, write.Key));
                Check(raw.sqlite3_bind_text(_upsert, 2, write.Value));
                Step(_upsert);
            }

            Step(_commit);
            foreach (var write in group)
            {
                write.SetResult();
            }
        }
    }

    private bool Take(List<Write> group)
    {
        group.Clear();
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            while (group.Count < MaxGroup && _waiting.TryDequeue(out var write))
            {
                group.Add(write);
            }
        }

        return group.Count > 0;
    }

    private static void Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        Check(code is raw.SQLITE_DONE ? raw.SQLITE_OK : code);
    }

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new IOException($"SQLite error {code}");
        }
    }

    private sealed class Write(byte[] key, byte[] value) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public byte[] Key => key;

        public byte[] Value => value;
    }
}

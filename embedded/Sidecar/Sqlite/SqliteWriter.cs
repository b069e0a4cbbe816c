using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>
/// The one writer of a file in this process: a thread that puts what waits into one transaction, commits it and answers everybody in it.
/// </summary>
internal sealed class SqliteWriter
{
    /// <summary>More than this per commit makes the early callers wait for the late ones.</summary>
    private const int MaxGroup = 64;

    /// <summary>How long another process may hold the file before callers are told so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly Queue<ISqliteWork> _waiting = new();
    private readonly List<ISqliteWork> _group = new(MaxGroup);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteSession _session;
    private readonly SqliteCheckpoints? _checkpoints;
    private readonly SqliteChanges _changes;
    private readonly Lock? _exclusive;
    private bool _idle;
    private bool _closed;

    /// <param name="exclusive">Held during a group when readers share the writer's connection.</param>
    public SqliteWriter(string name, SqliteSession session, SqliteCheckpoints? checkpoints, SqliteChanges changes, Lock? exclusive)
    {
        _session = session;
        _checkpoints = checkpoints;
        _changes = changes;
        _exclusive = exclusive;
        new Thread(Loop) { IsBackground = true, Name = name }.Start();
    }

    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void Add(ISqliteWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteFile));
            _waiting.Enqueue(work);
            if (_idle)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Takes no more work, finishes what waits and ends the thread.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        return _stopped.Task;
    }

    private void Loop()
    {
        while (Take())
        {
            if (_group.Count > 0)
            {
                Commit();
            }

            _checkpoints?.RunIfDue(_session);
        }

        _stopped.SetResult();
    }

    /// <summary>Waits for work; an empty group means that it is time for a checkpoint.</summary>
    private bool Take()
    {
        _group.Clear();
        lock (_gate)
        {
            if (_waiting.Count == 0 && !_closed)
            {
                _idle = true;
                _ = Monitor.Wait(_gate, _checkpoints?.IdleWait ?? Timeout.Infinite);
                _idle = false;
            }

            while (_group.Count < MaxGroup && _waiting.TryDequeue(out var work))
            {
                _group.Add(work);
            }

            return _group.Count > 0 || !_closed;
        }
    }

    private void Commit()
    {
        if (TryCommit(_group) is { } error)
        {
            if (_group.Count == 1)
            {
                _group[0].Fail(error);
            }
            else
            {
                CommitOneByOne();
            }

            return;
        }

        _changes.Announce();
        foreach (var work in _group)
        {
            work.Complete();
        }
    }

    /// <summary>The group could not be committed together: whose work it is that cannot be done shows when each has a transaction of its own.</summary>
    private void CommitOneByOne()
    {
        foreach (var work in _group)
        {
            if (TryCommit([work]) is { } error)
            {
                work.Fail(error);
            }
            else
            {
                _changes.Announce();
                work.Complete();
            }
        }
    }

    private Exception? TryCommit(List<ISqliteWork> group)
    {
        _exclusive?.Enter();
        try
        {
            Persist("BEGIN IMMEDIATE");
            foreach (var work in group)
            {
                work.Run(_session);
            }

            Persist("COMMIT");
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is the callers' to know; the thread must live on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            RollBack();
            return e;
        }
        finally
        {
            _exclusive?.Exit();
        }
    }

    private void RollBack()
    {
        if (SqliteLibrary.IsAutocommit(_session.Connection))
        {
            return;
        }

        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, or cannot write at all: then the next BEGIN fails, and its callers are told.
        }
    }

    /// <summary>Runs a statement that another process's lock may stand against, again and again for a while.</summary>
    private void Persist(string sql)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                _session.Execute(sql);
                return;
            }
            catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(started) < Patience)
            {
                lock (_gate)
                {
                    _ = Monitor.Wait(_gate, millisecondsTimeout: 1); // nobody pulses while the writer is not idle: a pause
                }
            }
        }
    }
}

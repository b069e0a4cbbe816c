using System.Diagnostics;
using SQLitePCL;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database between two groups, so that it is written over from its start instead of growing.
/// SQLite's own way (<c>wal_autocheckpoint</c>) does it inside a commit, every caller of which then waits for it.
/// </summary>
internal sealed class SqliteCheckpoints
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Frames of a page each. A log that long is not being written over because some reader is always at work: wait for a gap.</summary>
    private const int LongLog = 8_000;

    private long _last = Stopwatch.GetTimestamp();
    private bool _dirty;

    /// <summary>How long an idle writer waits before it tidies up, in milliseconds.</summary>
    public int IdleWait => _dirty ? (int)Interval.TotalMilliseconds : Timeout.Infinite;

    /// <summary>Called after every group and, while the log holds something, after every idle wait.</summary>
    public void RunIfDue(SqliteSession session)
    {
        _dirty = true;
        if (Stopwatch.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        var code = raw.sqlite3_wal_checkpoint_v2(session.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out var frames, out var moved);
        if (code == raw.SQLITE_OK && frames > LongLog)
        {
            session.Execute("PRAGMA busy_timeout=100");
            code = raw.sqlite3_wal_checkpoint_v2(session.Handle, null, raw.SQLITE_CHECKPOINT_RESTART, out frames, out moved);
            session.Execute("PRAGMA busy_timeout=0");
        }

        // Another process at the same task, or a disk that is full: the log still holds everything, the next round tries again.
        _dirty = code != raw.SQLITE_OK || moved < frames;
        _last = Stopwatch.GetTimestamp();
    }
}

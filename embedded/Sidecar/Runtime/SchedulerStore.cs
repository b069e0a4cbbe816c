using DaprMesh.Sidecar.Sqlite;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>A tick that this process has claimed: no other one delivers it while this process lives.</summary>
/// <param name="Generation">Changes when the job is registered anew; what was claimed before says nothing about it.</param>
/// <param name="Attempts">Failed attempts at this tick.</param>
internal sealed record ClaimedTick(SchedulerJob Job, long Generation, DateTimeOffset Tick, uint Fired, int Attempts, DateTimeOffset? Expires);

/// <summary>The jobs and reminders of one scheduler, in one SQLite file. Everything runs on the file's writer, many calls to a commit.</summary>
internal sealed class SchedulerStore(SqliteFile file, string owner)
{
    private const string Columns = "key, target, name, actor_id, schedule, repeats, due_time, ttl, data, drop_failed, retry_interval, max_retries";

    public Task CreateTablesAsync() => file.WriteAsync(session =>
    {
        session.Execute(
            """
            CREATE TABLE IF NOT EXISTS jobs (key TEXT PRIMARY KEY, target TEXT NOT NULL, name TEXT NOT NULL, actor_id TEXT, schedule TEXT, repeats INTEGER,
                due_time TEXT, ttl TEXT, data BLOB, drop_failed INTEGER NOT NULL, retry_interval INTEGER, max_retries INTEGER,
                generation INTEGER NOT NULL, tick INTEGER NOT NULL, fire_at INTEGER NOT NULL, fired INTEGER NOT NULL, attempts INTEGER NOT NULL,
                expires INTEGER, claim TEXT) WITHOUT ROWID
            """);
        session.Execute("CREATE INDEX IF NOT EXISTS jobs_due ON jobs (target, fire_at)");
        session.Execute("CREATE INDEX IF NOT EXISTS jobs_claimed ON jobs (claim) WHERE claim IS NOT NULL");
        session.Execute("CREATE TABLE IF NOT EXISTS generations (last INTEGER NOT NULL)");
        session.Execute("INSERT INTO generations SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM generations)");
        return true;
    });

    /// <summary>False: the job exists and is not to be overwritten.</summary>
    public Task<bool> PutAsync(SchedulerJob job, DateTimeOffset? first, DateTimeOffset? expires, bool overwrite) => file.WriteAsync(session =>
    {
        if (!overwrite && session.Scalar("SELECT 1 FROM jobs WHERE key = $1", job.Key) is not null)
        {
            return false;
        }

        if (first is not { } tick)
        {
            session.Execute("DELETE FROM jobs WHERE key = $1", job.Key); // it never ticks
            return true;
        }

        var generation = (long)session.Scalar("UPDATE generations SET last = last + 1 RETURNING last")!;
        session.Execute(
            $"""
            INSERT OR REPLACE INTO jobs ({Columns}, generation, tick, fire_at, fired, attempts, expires, claim)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, 0, 0, $15, NULL)
            """,
            job.Key, job.Target, job.Name, job.ActorId, job.Schedule, job.Repeats, job.DueTime, job.Ttl, job.Data, job.Failure.Drop ? 1 : 0,
            job.Failure.Interval?.Ticks, job.Failure.MaxRetries, generation, tick.UtcTicks, expires?.UtcTicks);
        return true;
    });

    public Task<SchedulerJob?> FindAsync(string key) => file.WriteAsync(session =>
        session.Query($"SELECT {Columns} FROM jobs WHERE key = $1", ReadJob, key).FirstOrDefault());

    public Task<int> DeleteAsync(string key) => file.WriteAsync(session => session.Execute("DELETE FROM jobs WHERE key = $1", key), singleStatement: true);

    /// <summary>Claims ticks that are due, up to a number of them, and says when the next one will be.</summary>
    public Task<(List<ClaimedTick> Ticks, DateTimeOffset? Next)> ClaimAsync(IReadOnlyCollection<string> targets, DateTimeOffset now, int limit) => file.WriteAsync(session =>
    {
        var ticks = new List<ClaimedTick>();
        long? next = null;
        foreach (var target in targets)
        {
            var due = session.Query(
                $"""
                SELECT {Columns}, generation, tick, fired, attempts, expires FROM jobs
                WHERE target = $1 AND claim IS NULL AND fire_at <= $2 ORDER BY fire_at LIMIT $3
                """,
                ReadTick, target, now.UtcTicks, limit - ticks.Count);
            foreach (var tick in due)
            {
                session.Execute("UPDATE jobs SET claim = $2 WHERE key = $1", tick.Job.Key, owner);
            }

            ticks.AddRange(due);
            if (session.Scalar("SELECT min(fire_at) FROM jobs WHERE target = $1 AND claim IS NULL", target) is long first && !(first >= next))
            {
                next = first;
            }
        }

        return (ticks, next is { } value ? new DateTimeOffset(value, TimeSpan.Zero) : (DateTimeOffset?)null);
    });

    /// <summary>The tick is done with: on to the next one, or away with the job when there is none.</summary>
    public Task<int> MoveOnAsync(ClaimedTick done, DateTimeOffset? next) => next is { } tick
        ? file.WriteAsync(
            session => session.Execute(
                "UPDATE jobs SET tick = $3, fire_at = $3, fired = fired + 1, attempts = 0, claim = NULL WHERE key = $1 AND generation = $2",
                done.Job.Key, done.Generation, tick.UtcTicks),
            singleStatement: true)
        : file.WriteAsync(
            session => session.Execute("DELETE FROM jobs WHERE key = $1 AND generation = $2", done.Job.Key, done.Generation), singleStatement: true);

    public Task<int> RetryAsync(ClaimedTick failed, DateTimeOffset at) => file.WriteAsync(
        session => session.Execute(
            "UPDATE jobs SET fire_at = $3, attempts = attempts + 1, claim = NULL WHERE key = $1 AND generation = $2",
            failed.Job.Key, failed.Generation, at.UtcTicks),
        singleStatement: true);

    /// <summary>Gives a tick back as if it had not been claimed.</summary>
    public Task<int> ReleaseAsync(ClaimedTick tick) => file.WriteAsync(
        session => session.Execute("UPDATE jobs SET claim = NULL WHERE key = $1 AND generation = $2", tick.Job.Key, tick.Generation), singleStatement: true);

    /// <summary>Takes back what processes had claimed that are gone.</summary>
    public Task<int> ReleaseAbandonedAsync(Func<string, bool> isAlive) => file.WriteAsync(session =>
        session.Query("SELECT DISTINCT claim FROM jobs WHERE claim IS NOT NULL", row => row.GetString(0))
            .Where(claim => claim != owner && !isAlive(claim))
            .Sum(claim => session.Execute("UPDATE jobs SET claim = NULL WHERE claim = $1", claim)));

    public Task<int> ReleaseOwnAsync() =>
        file.WriteAsync(session => session.Execute("UPDATE jobs SET claim = NULL WHERE claim = $1", owner), singleStatement: true);

    private static ClaimedTick ReadTick(SqliteDataReader row) => new(
        ReadJob(row), row.GetInt64(12), Time(row.GetInt64(13)), (uint)row.GetInt64(14), row.GetInt32(15), row.IsDBNull(16) ? null : Time(row.GetInt64(16)));

    private static SchedulerJob ReadJob(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), Text(row, 3), Text(row, 4), row.IsDBNull(5) ? null : (uint)row.GetInt64(5), Text(row, 6), Text(row, 7),
        row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8),
        new FailurePolicy(row.GetInt32(9) != 0, row.IsDBNull(10) ? null : TimeSpan.FromTicks(row.GetInt64(10)), row.IsDBNull(11) ? null : (uint)row.GetInt64(11)));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}

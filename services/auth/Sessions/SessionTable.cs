using System.Data.Common;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Sessions;

/// <summary>The sessions in the database.</summary>
internal static class SessionTable
{
    private const string Columns = "id, account_id, method, address, user_agent, created_at, used_at, expires_at, revoked_at";

    public static Session? FindSession(this DbSession session, string id) =>
        session.First($"SELECT {Columns} FROM sessions WHERE id = @id", Read, ("id", id));

    /// <summary>The sessions of an account that still live, the newest first.</summary>
    public static List<Session> LiveSessions(this DbSession session, string accountId, DateTimeOffset now) => session.Query(
        $"SELECT {Columns} FROM sessions WHERE account_id = @account AND revoked_at IS NULL AND expires_at > @now ORDER BY created_at DESC, id DESC",
        Read, ("account", accountId), ("now", now.ToUnixTimeMilliseconds()));

    public static long CountLiveSessions(this DbSession session, DateTimeOffset now) => session.Number(
        "SELECT count(*) FROM sessions WHERE revoked_at IS NULL AND expires_at > @now", ("now", now.ToUnixTimeMilliseconds())) ?? 0;

    public static void Insert(this DbSession session, Session added) => session.Execute(
        $"INSERT INTO sessions ({Columns}) VALUES (@id, @account, @method, @address, @agent, @created, @used, @expires, NULL)",
        ("id", added.Id), ("account", added.AccountId), ("method", added.Method), ("address", added.Address), ("agent", added.UserAgent),
        ("created", added.CreatedAt.ToUnixTimeMilliseconds()), ("used", added.UsedAt.ToUnixTimeMilliseconds()),
        ("expires", added.ExpiresAt.ToUnixTimeMilliseconds()));

    public static void Touch(this DbSession session, string id, DateTimeOffset now, DateTimeOffset expires) => session.Execute(
        "UPDATE sessions SET used_at = @now, expires_at = @expires WHERE id = @id",
        ("id", id), ("now", now.ToUnixTimeMilliseconds()), ("expires", expires.ToUnixTimeMilliseconds()));

    /// <summary>Ends a session; false: it had ended before.</summary>
    public static bool EndSession(this DbSession session, string id, DateTimeOffset now, string why) => session.Execute(
        "UPDATE sessions SET revoked_at = @now, revoked_why = @why WHERE id = @id AND revoked_at IS NULL",
        ("id", id), ("now", now.ToUnixTimeMilliseconds()), ("why", why)) > 0;

    /// <summary>Removes sessions that ended some time ago, with their tokens.</summary>
    public static int DeleteOldSessions(this DbSession session, DateTimeOffset before)
    {
        var end = before.ToUnixTimeMilliseconds();
        session.Execute(
            "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE expires_at < @end OR revoked_at < @end)", ("end", end));
        session.Execute("DELETE FROM refresh_tokens WHERE expires_at < @end", ("end", end));
        return session.Execute("DELETE FROM sessions WHERE expires_at < @end OR revoked_at < @end", ("end", end));
    }

    private static Session Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Time(5), row.Time(6), row.Time(7), row.TimeOrNull(8));
}

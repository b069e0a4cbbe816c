using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Keys;
using DaprMesh.Auth.Rights;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Feed;

/// <summary>What services have to hear of at once, written with the fact itself.</summary>
internal static class SecurityFeedTable
{
    public static long FeedCursor(this DbSession session) => session.Number("SELECT value FROM counters WHERE name = 'feed'") ?? 0;

    /// <summary>Keys or roles have changed: everybody reads them again.</summary>
    public static void TellChange(this DbSession session) => session.Next("feed");

    public static void TellRevoked(this DbSession session, string sessionId, DateTimeOffset until) => session.Execute(
        """
        INSERT INTO revoked_sessions (session_id, until, cursor_at) VALUES (@id, @until, @cursor)
        ON CONFLICT (session_id) DO UPDATE SET until = @until, cursor_at = @cursor
        """,
        ("id", sessionId), ("until", until.ToUnixTimeMilliseconds()), ("cursor", session.Next("feed")));

    /// <summary>Tokens of a lower version than the account now has count as the account now is.</summary>
    public static void TellChanged(this DbSession session, Account account, DateTimeOffset until) => session.Execute(
        """
        INSERT INTO account_changes (account_id, version, roles, is_blocked, until, cursor_at) VALUES (@id, @version, @roles, @blocked, @until, @cursor)
        ON CONFLICT (account_id) DO UPDATE SET version = @version, roles = @roles, is_blocked = @blocked, until = @until, cursor_at = @cursor
        """,
        ("id", account.Id), ("version", account.Version), ("roles", string.Join(' ', account.Roles)), ("blocked", account.IsBlocked ? 1L : 0L),
        ("until", until.ToUnixTimeMilliseconds()), ("cursor", session.Next("feed")));

    /// <summary>What changed after the cursor, with all keys and roles; everything when the cursor is none that this database gave out.</summary>
    public static SecurityFeed FeedAfter(this DbSession session, long cursor, DateTimeOffset now)
    {
        var current = session.FeedCursor();
        var after = cursor <= current ? cursor : 0;
        var time = now.ToUnixTimeMilliseconds();
        return new SecurityFeed(
            current,
            new JsonWebKeySet([.. session.SigningKeys().Select(key => key.Public)]),
            session.Query(
                "SELECT session_id, until FROM revoked_sessions WHERE cursor_at > @after AND until > @now ORDER BY cursor_at",
                row => new RevokedSession(row.GetString(0), row.Time(1)), ("after", after), ("now", time)),
            session.Query(
                "SELECT account_id, version, roles, is_blocked, until FROM account_changes WHERE cursor_at > @after AND until > @now ORDER BY cursor_at",
                row => new AccountChange(
                    row.GetString(0), row.GetInt64(1), row.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.Truth(3), row.Time(4)),
                ("after", after), ("now", time)),
            session.RolePermissions());
    }

    /// <summary>Removes what concerns no token any more.</summary>
    public static int ForgetOldNews(this DbSession session, DateTimeOffset now) =>
        session.Execute("DELETE FROM revoked_sessions WHERE until <= @now", ("now", now.ToUnixTimeMilliseconds()))
        + session.Execute("DELETE FROM account_changes WHERE until <= @now", ("now", now.ToUnixTimeMilliseconds()));
}

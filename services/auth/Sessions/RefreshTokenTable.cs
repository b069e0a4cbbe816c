using System.Data.Common;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Sessions;

/// <summary>The refresh tokens in the database, by their hashes.</summary>
internal static class RefreshTokenTable
{
    public static KeptToken? FindToken(this DbSession session, string hash) => session.First(
        "SELECT hash, session_id, expires_at, used_at, successor, seed FROM refresh_tokens WHERE hash = @hash", Read, ("hash", hash));

    public static void InsertToken(this DbSession session, string hash, string sessionId, DateTimeOffset expires) => session.Execute(
        "INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES (@hash, @session, @expires)",
        ("hash", hash), ("session", sessionId), ("expires", expires.ToUnixTimeMilliseconds()));

    /// <summary>Notes that a token was used, and by what it is followed.</summary>
    public static void UseToken(this DbSession session, string hash, string successor, string seed, DateTimeOffset now) => session.Execute(
        "UPDATE refresh_tokens SET used_at = @now, successor = @successor, seed = @seed WHERE hash = @hash",
        ("hash", hash), ("successor", successor), ("seed", seed), ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>The token was used, so its predecessor cannot be repeated any more.</summary>
    public static void ForgetSeedBefore(this DbSession session, string hash, string sessionId) => session.Execute(
        "UPDATE refresh_tokens SET seed = NULL WHERE session_id = @session AND successor = @hash", ("session", sessionId), ("hash", hash));

    private static KeptToken Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.Time(2), row.TimeOrNull(3), row.TextOrNull(4), row.TextOrNull(5));
}

/// <summary>What the database knows of a refresh token.</summary>
/// <param name="Successor">The hash of the token that followed it.</param>
internal sealed record KeptToken(string Hash, string SessionId, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, string? Successor, string? Seed);

using System.Data.Common;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Keys;

/// <summary>The signing keys in the database.</summary>
internal static class SigningKeyTable
{
    private const string Columns = "id, x, y, private_key, created_at, signs_from, ends_at";

    /// <summary>All keys, in the order in which they sign.</summary>
    public static List<SigningKey> SigningKeys(this DbSession session) =>
        session.Query($"SELECT {Columns} FROM signing_keys ORDER BY signs_from, created_at, id", Read);

    /// <summary>Adds a key that follows all others: they end when the last token has that they sign until then.</summary>
    public static void Follow(this DbSession session, SigningKey next, TimeSpan overlap)
    {
        session.Execute(
            "UPDATE signing_keys SET ends_at = @ends WHERE ends_at IS NULL OR ends_at > @ends",
            ("ends", (next.SignsFrom + overlap).ToUnixTimeMilliseconds()));
        session.Execute(
            $"INSERT INTO signing_keys ({Columns}) VALUES (@id, @x, @y, @private, @created, @from, NULL)",
            ("id", next.Id), ("x", next.X), ("y", next.Y), ("private", next.PrivateKey),
            ("created", next.CreatedAt.ToUnixTimeMilliseconds()), ("from", next.SignsFrom.ToUnixTimeMilliseconds()));
    }

    /// <summary>Ends every key but one now: what they signed counts no longer.</summary>
    public static int DropOtherKeys(this DbSession session, string id) => session.Execute("DELETE FROM signing_keys WHERE id <> @id", ("id", id));

    public static int DropEndedKeys(this DbSession session, DateTimeOffset now) =>
        session.Execute("DELETE FROM signing_keys WHERE ends_at <= @now", ("now", now.ToUnixTimeMilliseconds()));

    private static SigningKey Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.TextOrNull(3), row.Time(4), row.Time(5), row.TimeOrNull(6));
}

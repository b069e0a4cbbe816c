using System.Data.Common;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Audit;

/// <summary>The audit in the database. Rows are only ever added, each within the transaction of the fact that it tells of.</summary>
internal static class AuditTable
{
    private const string Columns = "seq, at, kind, account_id, session_id, actor_id, address, trace_id, detail, previous, hash";

    public static void Append(
        this DbSession session, string kind, Origin origin, DateTimeOffset now,
        string? accountId = null, string? sessionId = null, string? detail = null)
    {
        var head = session.AuditHead();
        var entry = new AuditEntry(
            head.Seq + 1, now, kind, accountId, sessionId, origin.ActorId == accountId ? null : origin.ActorId, origin.Address, origin.TraceId, detail);
        var hash = entry.HashAfter(head.Hash);
        session.Execute(
            $"INSERT INTO audit ({Columns}) VALUES (@seq, @at, @kind, @account, @session, @actor, @address, @trace, @detail, @previous, @hash)",
            ("seq", entry.Seq), ("at", now.ToUnixTimeMilliseconds()), ("kind", kind), ("account", accountId), ("session", sessionId),
            ("actor", entry.ActorId), ("address", entry.Address), ("trace", entry.TraceId), ("detail", detail), ("previous", head.Hash), ("hash", hash));
        session.Execute("UPDATE audit_head SET seq = @seq, hash = @hash WHERE one = 1", ("seq", entry.Seq), ("hash", hash));
    }

    /// <summary>The last row, as it was written apart from the rows.</summary>
    public static AuditHead AuditHead(this DbSession session) =>
        session.First("SELECT seq, hash FROM audit_head WHERE one = 1", row => new AuditHead(row.GetInt64(0), row.GetString(1)))!; // made with the schema

    /// <summary>Rows in their order, after one of them.</summary>
    public static List<AuditRow> AuditAfter(this DbSession session, long seq, int limit) => session.Query(
        $"SELECT {Columns} FROM audit WHERE seq > @seq ORDER BY seq LIMIT @limit", Row, ("seq", seq), ("limit", (long)limit));

    /// <summary>The newest rows first, below a row and within what was asked for; what was not asked for is not in the text, so that an index serves.</summary>
    public static List<AuditRow> AuditBefore(this DbSession session, long before, AuditFilter filter, int limit) => session.Query(
        $"SELECT {Columns} FROM audit WHERE seq < @before AND at >= @from AND at < @to"
            + (filter.UserId is null ? "" : " AND account_id = @account")
            + (filter.Kind is null ? "" : " AND kind = @kind")
            + (filter.Address is null ? "" : " AND address = @address")
            + " ORDER BY seq DESC LIMIT @limit",
        Row,
        ("before", before), ("account", filter.UserId), ("kind", filter.Kind), ("address", filter.Address),
        ("from", filter.From?.ToUnixTimeMilliseconds() ?? 0), ("to", filter.To?.ToUnixTimeMilliseconds() ?? long.MaxValue), ("limit", (long)limit));

    private static AuditRow Row(DbDataReader row) => new(
        new AuditEntry(
            row.GetInt64(0), row.Time(1), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6),
            row.TextOrNull(7), row.TextOrNull(8)),
        row.GetString(9), row.GetString(10));
}

/// <summary>A row with its place in the chain.</summary>
internal sealed record AuditRow(AuditEntry Entry, string Previous, string Hash);

/// <summary>The last row of the chain.</summary>
internal sealed record AuditHead(long Seq, string Hash);

/// <summary>Which rows are wanted; null: any.</summary>
internal sealed record AuditFilter(string? UserId, string? Kind, string? Address, DateTimeOffset? From, DateTimeOffset? To);

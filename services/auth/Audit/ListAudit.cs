using System.Globalization;
using DaprMesh.Auth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Audit;

/// <summary>The audit in pages, the newest rows first.</summary>
internal static class ListAudit
{
    private const int MaxLimit = 500;

    public sealed record AuditRowView(
        long Seq, DateTimeOffset At, string Kind, string? UserId, string? SessionId, string? ActorId, string? Address, string? TraceId, string? Detail,
        string Hash);

    /// <param name="NextCursor">For the next page; null: this is the last one.</param>
    public sealed record AuditPage(IReadOnlyList<AuditRowView> Items, string? NextCursor);

    public static Results<Ok<AuditPage>, ValidationProblem> Handle(
        AuthDatabase database, string? userId = null, string? kind = null, string? address = null, DateTimeOffset? from = null, DateTimeOffset? to = null,
        int limit = 50, string? cursor = null)
    {
        var before = long.MaxValue;
        if (limit is < 1 or > MaxLimit || (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before)))
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]>
            {
                [limit is < 1 or > MaxLimit ? "limit" : "cursor"] = [limit is < 1 or > MaxLimit ? $"limit is 1 to {MaxLimit}." : "cursor is what an earlier page gave."],
            });
        }

        var rows = database.Read(session => session.AuditBefore(before, new AuditFilter(userId, kind, address, from, to), limit + 1));
        var items = rows.Take(limit).Select(row => new AuditRowView(
            row.Entry.Seq, row.Entry.At, row.Entry.Kind, row.Entry.AccountId, row.Entry.SessionId, row.Entry.ActorId, row.Entry.Address, row.Entry.TraceId,
            row.Entry.Detail, row.Hash)).ToList();
        return TypedResults.Ok(new AuditPage(items, rows.Count > limit ? items[^1].Seq.ToString(CultureInfo.InvariantCulture) : null));
    }
}

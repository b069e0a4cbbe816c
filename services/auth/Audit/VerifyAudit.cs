using DaprMesh.Auth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Audit;

/// <summary>Walks the whole audit and says whether a row was changed, cut out or cut off.</summary>
internal static class VerifyAudit
{
    private const int Chunk = 1_000;

    /// <param name="Rows">How many rows hold, from the first one on.</param>
    /// <param name="Head">The hash of the last one; kept elsewhere, it proves what the audit was at this moment.</param>
    public sealed record AuditVerdict(bool Valid, long Rows, string Head, AuditBreak? FirstBroken);

    public static async Task<Ok<AuditVerdict>> Handle(AuthDatabase database, CancellationToken ct) => TypedResults.Ok(await RunAsync(database, ct));

    /// <summary>A chunk at a time, so that rows which come meanwhile are neither waited for nor missed.</summary>
    internal static async Task<AuditVerdict> RunAsync(AuthDatabase database, CancellationToken ct)
    {
        var head = database.Read(session => session.AuditHead());
        var chain = new AuditChain();
        for (var last = 0L; ;)
        {
            ct.ThrowIfCancellationRequested();
            var rows = database.Read(session => session.AuditAfter(last, Chunk));
            if (rows.Count == 0 || !rows.TrueForAll(chain.Add))
            {
                break;
            }

            last = rows[^1].Entry.Seq;
            await Task.Yield(); // a long audit must not hold its thread for long
        }

        chain.End(head);
        return new AuditVerdict(chain.Broken is null, chain.Rows, chain.Head, chain.Broken);
    }
}

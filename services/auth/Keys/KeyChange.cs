using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Events;
using DaprMesh.Auth.Feed;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Keys;

/// <summary>Lets a key follow the others: with its row in the audit, its event, and every service told before it signs.</summary>
internal static class KeyChange
{
    private const string Subject = "signing-keys";

    public static void AddKey(this DbSession session, SigningKey next, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        session.Follow(next, options.Overlap);
        session.TellChange();
        session.Append(AuditKinds.KeyAdded, origin, now, detail: next.Id);
        session.Publish(new SigningKeyRotated(next.Id), Subject, now, origin.TraceParent);
    }

    /// <summary>For keys that somebody else may have: what they signed counts no longer, and everybody refreshes.</summary>
    public static void WithdrawOthers(this DbSession session, SigningKey kept, Origin origin, DateTimeOffset now)
    {
        session.DropOtherKeys(kept.Id);
        session.TellChange();
        session.Append(AuditKinds.KeysWithdrawn, origin, now, detail: kept.Id);
    }
}

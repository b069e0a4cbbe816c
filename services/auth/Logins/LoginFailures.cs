using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Events;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Logins;

/// <summary>Notes a failed login everywhere it has to be.</summary>
internal static class LoginFailures
{
    public static FailureOutcome Fail(
        this DbSession session, string? accountId, string subject, string method, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        var outcome = session.CountFailure(subject, origin.Address, now, options);
        session.Append(AuditKinds.LoginFailed, origin, now, accountId, detail: method);
        session.Publish(new LoginFailed(accountId, method, "wrong"), subject, now, origin.TraceParent);
        if (outcome.IsAccountLocked)
        {
            session.Append(AuditKinds.AccountLocked, origin, now, accountId);
        }

        if (outcome.Address is { } block)
        {
            session.Append(AuditKinds.AddressBlocked, origin, now, detail: block == AddressBlock.ManyNames ? "many-names" : "many-failures");
        }

        return outcome;
    }
}

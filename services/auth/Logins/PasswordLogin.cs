using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Events;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Logins;

/// <summary>
/// Logs in by name and password. The work, the time and the answer are the same for a name that is nobody's, a wrong password and a locked
/// account. Whether the account is locked is decided after the hash, in the transaction that counts the failure: who sends a hundred guesses
/// at once gets no more of them judged than who sends them one by one.
/// </summary>
internal sealed class PasswordLogin(
    AuthDatabase database, PasswordHashing passwords, IOptions<AuthOptions> options, AuthMetrics metrics, TimeProvider clock)
{
    public const string Method = "password";

    public async Task<Outcome<Granted>> TryAsync(string username, string password, Origin origin, CancellationToken ct)
    {
        var started = clock.GetUtcNow();
        if (database.Read(session => session.BlockedUntil(origin.Address, started)) is { } until)
        {
            metrics.Login(Method, LoginOutcome.Blocked);
            return Outcome<Granted>.Wait(Refusals.TooManyAttempts, until - started);
        }

        var name = LoginName.KeyOf(username);
        var account = database.Read(session => session.FindAccountByName(name));
        var verdict = password.Length <= PasswordRules.MaxLength
            ? await passwords.VerifyAsync(account?.PasswordHash, password, ct)
            : new PasswordVerdict(false, null);
        var subject = account?.Id ?? LoginGuard.SubjectOf(name ?? username);
        var now = clock.GetUtcNow();
        var decided = await database.WriteAsync(session => Decide(session, account, subject, verdict, origin, now));
        metrics.Login(Method, decided.Result);
        metrics.Failure(decided.Failure);
        return decided.Outcome;
    }

    private Decided Decide(DbSession session, Account? checkedAccount, string subject, PasswordVerdict verdict, Origin origin, DateTimeOffset now)
    {
        if (session.BlockedUntil(origin.Address, now) is { } until)
        {
            return new Decided(Outcome<Granted>.Wait(Refusals.TooManyAttempts, until - now), LoginOutcome.Blocked, null);
        }

        var isLocked = session.IsLocked(subject, now);
        var account = checkedAccount is null ? null : session.FindAccount(checkedAccount.Id);
        if (isLocked || account is { IsBlocked: true })
        {
            session.Append(AuditKinds.LoginRefused, origin, now, account?.Id, detail: isLocked ? "locked" : "blocked");
            session.Publish(new LoginFailed(account?.Id, Method, isLocked ? "locked" : "blocked"), subject, now, origin.TraceParent);
            return new Decided(
                Refusals.LoginFailed, isLocked ? LoginOutcome.Locked : LoginOutcome.Failed,
                new FailureOutcome(false, session.CountForAddress(subject, origin.Address, now, options.Value)));
        }

        // The password was checked against what the account had then; it may have another one by now.
        if (verdict.IsRight && account is not null && account.PasswordHash == checkedAccount?.PasswordHash)
        {
            session.ForgetFailures(subject);
            if (verdict.NewHash is not null)
            {
                account = account with { PasswordHash = verdict.NewHash };
                session.Update(account);
            }

            return new Decided(session.Begin(account, Method, origin, now, options.Value), LoginOutcome.Succeeded, null);
        }

        var failure = session.Fail(account?.Id, subject, Method, origin, now, options.Value);
        return new Decided(Refusals.LoginFailed, LoginOutcome.Failed, failure);
    }

    private sealed record Decided(Outcome<Granted> Outcome, LoginOutcome Result, FailureOutcome? Failure);
}

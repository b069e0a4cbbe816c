using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Storage;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Passwords;

/// <summary>Sets the caller's own password. Wrong guesses of the present one count as failed logins do: a stolen token must not find it out.</summary>
internal static class ChangePassword
{
    public sealed record Request(string? CurrentPassword, string? NewPassword);

    public static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> Handle(
        Request request, HttpContext http, CurrentUser user, AuthDatabase database, PasswordHashing passwords, IOptions<AuthOptions> options,
        AuthMetrics metrics, TimeProvider clock, CancellationToken ct)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        faults.AddPasswordFault("newPassword", request.NewPassword, user.Name);
        if (faults.Count > 0)
        {
            return TypedResults.ValidationProblem(faults);
        }

        var checkedAccount = database.Read(session => session.FindAccount(user.Id));
        var current = request.CurrentPassword ?? "";
        var verdict = current.Length <= PasswordRules.MaxLength
            ? await passwords.VerifyAsync(checkedAccount?.PasswordHash, current, ct)
            : new PasswordVerdict(false, null);
        var hash = verdict.IsRight ? await passwords.HashAsync(request.NewPassword!, ct) : null; // checked above
        var origin = Origin.Of(http);
        var now = clock.GetUtcNow();
        var (outcome, failure) = await database.WriteAsync(session => Decide(session, user, checkedAccount, hash, origin, now, options.Value));
        metrics.Failure(failure);
        return outcome.Value is null ? outcome.ToProblem(http) : TypedResults.NoContent();
    }

    private static (Outcome<Account> Outcome, FailureOutcome? Failure) Decide(
        DbSession session, CurrentUser user, Account? checkedAccount, string? hash, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        if (session.FindAccount(user.Id) is not { } account)
        {
            return (Refusals.NoAccount, null);
        }

        if (hash is not null && account.PasswordHash == checkedAccount?.PasswordHash && !session.IsLocked(account.Id, now))
        {
            return (session.ChangePassword(account, hash, user.SessionId, origin, now, options), null);
        }

        session.Append(AuditKinds.PasswordRefused, origin, now, account.Id, user.SessionId);
        return (Refusals.PasswordWrong, session.IsLocked(account.Id, now) ? null : session.CountFailure(account.Id, origin.Address, now, options));
    }
}

using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth;

/// <summary>Every "no" of this service. Those to strangers say nothing about which accounts there are.</summary>
internal static class Refusals
{
    /// <summary>The one answer to a wrong name, a wrong password, a locked and a blocked account.</summary>
    public static readonly Refusal LoginFailed = new(
        RefusalKind.Forbidden, "login.failed", "The name or the password is wrong, or the account is locked after too many attempts.");

    public static readonly Refusal CodeRefused = new(RefusalKind.Forbidden, "login.failed", "The access code is wrong, used up or expired.");

    public static readonly Refusal RefreshRefused = new(
        RefusalKind.Forbidden, "refresh-token.invalid", "The refresh token is not valid. Log in again.");

    public static readonly Refusal TooManyAttempts = new(
        RefusalKind.TooMany, "login.too-many", "Too many failed attempts came from your address. Try again later.");

    public static readonly Refusal TooManyRegistrations = new(
        RefusalKind.TooMany, "register.too-many", "Too many accounts were registered from your address. Try again later.");

    public static readonly Refusal NameTaken = new(
        RefusalKind.Conflict, "account.taken", "This user name or e-mail address cannot be had. Choose another one, or log in.");

    public static readonly Refusal NoAccount = new(RefusalKind.NotFound, "account.not-found", "There is no such account.");

    public static readonly Refusal NoSession = new(RefusalKind.NotFound, "session.not-found", "There is no such session.");

    public static readonly Refusal NoRole = new(RefusalKind.NotFound, "role.not-found", "There is no such role.");

    /// <summary>What is left out must not be taken for an empty list, which takes every right away.</summary>
    public static readonly Refusal NoList = new(RefusalKind.Invalid, "list.missing", "Send the whole list; an empty one takes everything away.");

    public static readonly Refusal UnknownRole = new(RefusalKind.Invalid, "role.unknown", "One of the roles does not exist.");

    public static readonly Refusal UnknownPermission = new(RefusalKind.Invalid, "permission.unknown", "One of the permissions does not exist.");

    public static readonly Refusal AdminIsAll = new(
        RefusalKind.Conflict, "role.fixed", "The role admin may do everything; that cannot be changed.");

    public static readonly Refusal LastAdmin = new(
        RefusalKind.Conflict, "account.last-admin", "This is the last administrator who can log in. Make another one first.");

    public static readonly Refusal NotAllowed = new(
        RefusalKind.Forbidden, "permission.missing", "You may ask this about yourself only.");

    public static readonly Refusal NoApp = new(
        RefusalKind.Forbidden, "caller.not-allowed", "This route is for the apps of the mesh, through their sidecars.");

    public static readonly Refusal PasswordWrong = new(RefusalKind.Forbidden, "password.wrong", "The current password is wrong.");

    private static readonly HashSet<Refusal> Unauthorized = new(ReferenceEqualityComparer.Instance) { LoginFailed, CodeRefused, RefreshRefused };

    public static int StatusOf(Refusal refusal) => Unauthorized.Contains(refusal)
        ? StatusCodes.Status401Unauthorized
        : refusal.Kind switch
        {
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status422UnprocessableEntity,
        };

    public static ProblemHttpResult ToAnswer(Refusal refusal) => TypedResults.Problem(
        refusal.Sentence, statusCode: StatusOf(refusal), extensions: new Dictionary<string, object?> { ["code"] = refusal.Code });
}

using DaprMesh.State;

namespace DaprMesh.Users;

internal static class Refusals
{
    /// <summary>The same for a code that never was, is used up, has ended or was revoked: nobody learns which codes exist.</summary>
    public static readonly Refusal WrongCode = new(RefusalKind.NotFound, "access-code.wrong", "This access code is wrong, used up or has ended. Ask for a new one.");

    public static readonly Refusal UnknownRole = new(
        RefusalKind.Invalid, "user.unknown-role", $"Roles are {string.Join(", ", Contracts.Roles.All)}.");

    public static readonly Refusal HigherRole = new(
        RefusalKind.Forbidden, "user.higher-role", $"Only who may give roles ({Contracts.Permissions.AccountsRoles}) can do this for others than customers and students.");

    public static readonly Refusal UnknownCode = new(RefusalKind.NotFound, "access-code.missing", "This user has no such access code.");

    public static Refusal UnknownUser(string id) => new(RefusalKind.NotFound, "user.missing", $"There is no user {id}.");

    public static Refusal TooManyCodes(TimeSpan wait) => new(
        RefusalKind.TooMany, "access-code.too-many", $"Too many wrong access codes came from you. Try again in {Math.Ceiling(wait.TotalMinutes)} minutes.");
}

using DaprMesh.Auth.Passwords;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Accounts;

/// <summary>What an account may look like; faults are told by field.</summary>
internal static class AccountRules
{
    public const int MaxUsername = 64;
    public const int MaxFullName = 200;

    public static Dictionary<string, string[]> Faults(string? username, string? email, string? fullName)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (username is null || username.Length > LoginName.MaxLength || (username.Length > MaxUsername && !LoginName.IsEmail(username)) || LoginName.KeyOf(username) is null)
        {
            faults["username"] = [$"A user name has {LoginName.MinLength} to {MaxUsername} letters, digits and . _ - @ +"];
        }

        if (email is not null && (LoginName.KeyOf(email) is null || !LoginName.IsEmail(email)))
        {
            faults["email"] = ["This is not an e-mail address."];
        }

        if (fullName is not null && (fullName.Length > MaxFullName || fullName.Any(char.IsControl)))
        {
            faults["fullName"] = [$"A name has at most {MaxFullName} characters, all of them visible."];
        }

        return faults;
    }

    public static void AddPasswordFault(this Dictionary<string, string[]> faults, string field, string? password, string? username)
    {
        if (PasswordRules.Fault(password, username) is { } fault)
        {
            faults[field] = [fault];
        }
    }

    /// <summary>The roles without repetition; null: one of them does not exist.</summary>
    public static IReadOnlyList<string>? Known(IReadOnlyList<string> roles) =>
        roles.Count <= Roles.All.Count && roles.All(Roles.All.Contains) ? [.. roles.Distinct(StringComparer.Ordinal)] : null;
}

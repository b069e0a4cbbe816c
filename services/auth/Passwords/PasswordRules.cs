namespace DaprMesh.Auth.Passwords;

/// <summary>What a password may be. There is no rule about kinds of characters: length is what counts.</summary>
internal static class PasswordRules
{
    public const int MinLength = 8;

    /// <summary>Longer ones are refused before anything is done with them.</summary>
    public const int MaxLength = 128;

    /// <summary>What is wrong with a new password; null: nothing.</summary>
    public static string? Fault(string? password, string? username) => password switch
    {
        null or { Length: < MinLength } => $"A password has at least {MinLength} characters.",
        { Length: > MaxLength } => $"A password has at most {MaxLength} characters.",
        _ when string.Equals(password, username, StringComparison.OrdinalIgnoreCase) => "The password must not be the user name.",
        _ => null,
    };
}

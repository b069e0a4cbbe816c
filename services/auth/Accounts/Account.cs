namespace DaprMesh.Auth.Accounts;

/// <summary>Who may log in, and as what.</summary>
/// <param name="PasswordHash">Null: no password is set, only access codes open it.</param>
/// <param name="Version">Grows whenever tokens from before must not count as they are.</param>
internal sealed record Account(
    string Id,
    string Username,
    string? Email,
    string FullName,
    string? PasswordHash,
    IReadOnlyList<string> Roles,
    long Version,
    bool IsBlocked,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    /// <summary>The spellings under which it is found at login.</summary>
    public IReadOnlySet<string> LoginNames => new[] { LoginName.KeyOf(Username), LoginName.KeyOf(Email) }.OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>The same person with other rights: tokens from before count no longer as they are.</summary>
    public Account With(IReadOnlyList<string> roles, bool isBlocked, DateTimeOffset now) =>
        this with { Roles = roles, IsBlocked = isBlocked, Version = Version + 1, ChangedAt = now };
}

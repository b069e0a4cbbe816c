namespace DaprMesh.Auth.Accounts;

/// <summary>An account as its owner and those who look after accounts may see it.</summary>
public sealed record AccountView(
    string UserId, string Username, string? Email, string FullName, IReadOnlyList<string> Roles, bool IsBlocked, bool HasPassword, DateTimeOffset CreatedAt)
{
    internal static AccountView Of(Account account) => new(
        account.Id, account.Username, account.Email, account.FullName, account.Roles, account.IsBlocked, account.PasswordHash is not null, account.CreatedAt);
}

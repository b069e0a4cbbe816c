namespace DaprMesh.Contracts;

/// <summary>The names of what one may be allowed to do, and which role is allowed what at first.</summary>
public static class Permissions
{
    public const string UsersRead = "users.read";
    public const string UsersWrite = "users.write";
    public const string UsersDelete = "users.delete";
    public const string AccessCodesIssue = "access-codes.issue";
    public const string AccountsRoles = "accounts.roles";
    public const string SessionsRead = "sessions.read";
    public const string SessionsRevoke = "sessions.revoke";
    public const string AuditRead = "audit.read";
    public const string KeysRotate = "keys.rotate";
    public const string CatalogWrite = "catalog.write";

    public static IReadOnlyList<string> All { get; } =
        [UsersRead, UsersWrite, UsersDelete, AccessCodesIssue, AccountsRoles, SessionsRead, SessionsRevoke, AuditRead, KeysRotate, CatalogWrite];

    /// <summary>Role to permissions, as auth fills its table at its first start.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Defaults { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        [Roles.Customer] = [],
        [Roles.Student] = [],
        [Roles.Tutor] = [UsersRead, AccessCodesIssue],
        [Roles.Staff] = [UsersRead, UsersWrite, AccessCodesIssue, SessionsRead, CatalogWrite],
        [Roles.Admin] = All,
        [Roles.Service] = [UsersRead],
    };
}

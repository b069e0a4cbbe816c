namespace DaprMesh.Auth.Audit;

/// <summary>The names of what the audit tells of.</summary>
internal static class AuditKinds
{
    public const string AccountRegistered = "account.registered";
    public const string AccountSaved = "account.saved";
    public const string AccountDeleted = "account.deleted";
    public const string AccountBlocked = "account.blocked";
    public const string AccountUnblocked = "account.unblocked";
    public const string AccountLocked = "account.locked";
    public const string AddressBlocked = "address.blocked";
    public const string RolesChanged = "account.roles-changed";
    public const string PasswordChanged = "password.changed";
    public const string PasswordRefused = "password.refused";
    public const string LoginSucceeded = "login.succeeded";
    public const string LoginFailed = "login.failed";
    public const string LoginRefused = "login.refused";
    public const string Refreshed = "session.refreshed";
    public const string RefreshRepeated = "session.refresh-repeated";
    public const string RefreshRefused = "session.refresh-refused";
    public const string RefreshReused = "session.refresh-reused";
    public const string SessionEnded = "session.ended";
    public const string PermissionsChanged = "role.permissions-changed";
    public const string KeyAdded = "key.added";
    public const string KeysWithdrawn = "key.others-withdrawn";
}

namespace DaprMesh.Auth.Logins;

/// <summary>How a login ended, as it is counted.</summary>
internal enum LoginOutcome
{
    Succeeded,
    Failed,

    /// <summary>The account is locked for a while.</summary>
    Locked,

    /// <summary>The address is blocked for a while.</summary>
    Blocked,
}

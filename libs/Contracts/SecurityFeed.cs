namespace DaprMesh.Contracts;

/// <summary>What a service has to know to judge an access token: keys, what was revoked or changed, and which role may do what.</summary>
/// <param name="Cursor">Higher with every change; pass it to wait for the next one.</param>
/// <param name="Accounts">Changes that overrule older tokens of an account.</param>
/// <param name="RolePermissions">Role to names of permissions.</param>
public sealed record SecurityFeed(
    long Cursor,
    JsonWebKeySet Keys,
    IReadOnlyList<RevokedSession> Sessions,
    IReadOnlyList<AccountChange> Accounts,
    IReadOnlyDictionary<string, IReadOnlyList<string>> RolePermissions);

/// <param name="Until">When the last token of the session has expired, so that the entry may be forgotten.</param>
public sealed record RevokedSession(string SessionId, DateTimeOffset Until);

/// <summary>Holds for tokens of the account whose version is lower.</summary>
public sealed record AccountChange(string UserId, long Version, IReadOnlyList<string> Roles, bool IsBlocked, DateTimeOffset Until);

/// <summary>Public keys (RFC 7517).</summary>
public sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>The public half of an elliptic curve key.</summary>
public sealed record JsonWebKey(string Kty, string Crv, string X, string Y, string Kid, string Alg, string Use);

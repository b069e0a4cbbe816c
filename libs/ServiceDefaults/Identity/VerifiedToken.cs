namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>What a token with a good signature says.</summary>
internal sealed record VerifiedToken(
    string Subject, string SessionId, string Name, IReadOnlyList<string> Roles, long Version,
    DateTimeOffset NotBefore, DateTimeOffset ExpiresAt, VerificationKey Key);

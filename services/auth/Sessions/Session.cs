namespace DaprMesh.Auth.Sessions;

/// <summary>What a login began: it lives as long as its refresh token is used in time.</summary>
internal sealed record Session(
    string Id,
    string AccountId,
    string Method,
    string Address,
    string UserAgent,
    DateTimeOffset CreatedAt,
    DateTimeOffset UsedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt)
{
    public bool IsLive(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;
}

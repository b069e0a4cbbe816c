namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Why a request is nobody's.</summary>
/// <param name="Code">A stable code: <c>token.missing</c>, <c>token.invalid</c>, <c>token.expired</c>, <c>session.revoked</c>, <c>identity.unavailable</c>.</param>
/// <param name="Sentence">For a person; it says nothing that helps to forge a token.</param>
public sealed record IdentityFailure(string Code, string Sentence)
{
    /// <summary>No token came along.</summary>
    public static readonly IdentityFailure Missing = new("token.missing", "This needs an access token.");

    /// <summary>It is not a token of this mesh.</summary>
    public static readonly IdentityFailure Invalid = new("token.invalid", "The access token is not valid.");

    /// <summary>Its time is over.</summary>
    public static readonly IdentityFailure Expired = new("token.expired", "The access token has expired.");

    /// <summary>Its session was ended, or its account blocked.</summary>
    public static readonly IdentityFailure Revoked = new("session.revoked", "The session of the access token has ended.");

    /// <summary>This service has not heard of any key yet.</summary>
    public static readonly IdentityFailure Unavailable = new("identity.unavailable", "Tokens cannot be checked at the moment. Try again shortly.");
}

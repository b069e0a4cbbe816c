namespace DaprMesh.Contracts;

public sealed record AccountRegistered(string UserId, string Username, string? Email, string? FullName, IReadOnlyList<string> Roles) : IEvent;

public sealed record AccountRolesChanged(string UserId, IReadOnlyList<string> Roles) : IEvent;

public sealed record AccountDeleted(string UserId) : IEvent;

/// <param name="Method">How the person proved who they are: <c>password</c> or <c>access-code</c>.</param>
public sealed record SessionStarted(string UserId, string SessionId, string Method) : IEvent;

/// <param name="SessionId">Null: all sessions of the account.</param>
public sealed record SessionRevoked(string UserId, string? SessionId, string Reason) : IEvent;

/// <param name="UserId">Null: there is no such account.</param>
public sealed record LoginFailed(string? UserId, string Method, string Reason) : IEvent;

public sealed record RefreshTokenReused(string UserId, string SessionId) : IEvent;

public sealed record SigningKeyRotated(string KeyId) : IEvent;

namespace DaprMesh.Contracts;

public sealed record UserCreated(string UserId, string Username, string? Email, string? FullName) : IEvent;

public sealed record UserUpdated(string UserId, string Username, string? Email, string? FullName) : IEvent;

public sealed record UserDeleted(string UserId) : IEvent;

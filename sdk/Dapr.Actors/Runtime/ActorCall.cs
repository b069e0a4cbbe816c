namespace Dapr.Actors.Runtime;

/// <summary>What a request from the sidecar calls: the method, reminder or timer called <paramref name="Name"/> of an actor.</summary>
internal readonly record struct ActorCall(string ActorType, string ActorId, string Name, string? ReentrancyId);

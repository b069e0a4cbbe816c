namespace Dapr.DistributedLock.Models;

/// <summary>What became of a lock that was given back.</summary>
public sealed record UnlockResponse(LockStatus Status);

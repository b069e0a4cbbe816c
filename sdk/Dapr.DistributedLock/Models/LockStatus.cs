namespace Dapr.DistributedLock.Models;

/// <summary>The outcomes of giving a lock back.</summary>
public enum LockStatus
{
    Success,
    LockDoesNotExist,
    LockBelongsToOthers,
    InternalError,
}

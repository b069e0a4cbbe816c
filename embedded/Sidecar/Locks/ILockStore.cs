using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Locks;

/// <summary>Keeps locks: one owner a resource, until it lets go or the time is up.</summary>
public interface ILockStore : IComponent
{
    /// <summary>The resource's name in the store.</summary>
    /// <exception cref="LockKeyException">The name holds the separator of its parts.</exception>
    string Key(string resourceId);

    /// <summary>True when the owner has got the lock; an owner does not get what it already holds.</summary>
    ValueTask<bool> TryLockAsync(string key, string owner, TimeSpan expiry, CancellationToken ct);

    ValueTask<UnlockStatus> UnlockAsync(string key, string owner, CancellationToken ct);
}

/// <summary>As <c>UnlockResponse.Status</c> in Dapr's API.</summary>
public enum UnlockStatus
{
    Success,
    LockDoesNotExist,
    LockBelongsToOthers,
    InternalError,
}

/// <summary>A resource or a prefix that cannot be part of a lock's key.</summary>
public sealed class LockKeyException(string key) : Exception($"input key/keyPrefix '{key}' can't contain '||'");

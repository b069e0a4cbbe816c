using System.Diagnostics.CodeAnalysis;
using Dapr.DistributedLock.Models;

namespace Dapr.DistributedLock;

/// <summary>Takes locks that all instances of an app share, and gives them back.</summary>
[Experimental("DAPR_DISTRIBUTEDLOCK", UrlFormat = "https://docs.dapr.io/developing-applications/building-blocks/distributed-lock/distributed-lock-api-overview/")]
public abstract class DaprDistributedLockClient : IDaprDistributedLockClient
{
    private bool _disposed;

    // The package's constructor takes a gRPC client.
    internal DaprDistributedLockClient()
    {
    }

    public abstract Task<LockResponse?> TryLockAsync(string storeName, string resourceId, string lockOwner, int expiryInSeconds, CancellationToken cancellationToken = default);

    public abstract Task<UnlockResponse> TryUnlockAsync(string storeName, string resourceId, string lockOwner, CancellationToken cancellationToken = default);

    public void Dispose()
    {
        if (!_disposed)
            Dispose(disposing: true);
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

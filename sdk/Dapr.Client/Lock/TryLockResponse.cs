using System.Diagnostics.CodeAnalysis;

namespace Dapr.Client;

/// <summary>Whether a lock was acquired; disposing it gives the lock back.</summary>
[Experimental("DAPR_DISTRIBUTEDLOCK", UrlFormat = "https://docs.dapr.io/developing-applications/building-blocks/distributed-lock/distributed-lock-api-overview/")]
public sealed class TryLockResponse : IAsyncDisposable
{
    public bool Success { get; init; }

    public string ResourceId { get; init; } = "";

    public string LockOwner { get; init; } = "";

    public string StoreName { get; init; } = "";

    /// <summary>The client that took the lock; without one, a client is built from the environment.</summary>
    internal DaprClient? Client { get; init; }

    public async ValueTask DisposeAsync()
    {
        if (!Success)
            return;

        if (Client is not null)
        {
            await Client.Unlock(StoreName, ResourceId, LockOwner);
            return;
        }

        using var client = new DaprClientBuilder().Build();
        await client.Unlock(StoreName, ResourceId, LockOwner);
    }
}

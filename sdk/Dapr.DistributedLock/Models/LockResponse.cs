using System.Diagnostics.CodeAnalysis;

namespace Dapr.DistributedLock.Models;

/// <summary>A lock that is held; disposing it gives it back.</summary>
[Experimental("DAPR_DISTRIBUTEDLOCK", UrlFormat = "https://docs.dapr.io/developing-applications/building-blocks/distributed-lock/distributed-lock-api-overview/")]
public sealed class LockResponse : IAsyncDisposable
{
    private readonly IDaprDistributedLockClient _client;

    internal LockResponse(IDaprDistributedLockClient client) => _client = client;

    public required string ResourceId { get; init; }

    public required string LockOwner { get; init; }

    public required string StoreName { get; init; }

    public async ValueTask DisposeAsync() => await _client.TryUnlockAsync(StoreName, ResourceId, LockOwner);
}

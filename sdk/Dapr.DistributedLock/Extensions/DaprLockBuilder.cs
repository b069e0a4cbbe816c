using Microsoft.Extensions.DependencyInjection;

namespace Dapr.DistributedLock.Extensions;

/// <summary>Holds the container that the lock client was added to.</summary>
public sealed class DaprLockBuilder(IServiceCollection services) : IDaprDistributedLockBuilder
{
    public IServiceCollection Services { get; } = services;
}

using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dapr.DistributedLock.Extensions;

/// <summary>Adds the lock client to the container.</summary>
[Experimental("DAPR_DISTRIBUTEDLOCK", UrlFormat = "https://docs.dapr.io/developing-applications/building-blocks/distributed-lock/distributed-lock-api-overview/")]
public static class DaprDistributedLockServiceCollectionExtensions
{
    /// <summary>Adds the lock client; configuration comes before the environment.</summary>
    public static IDaprDistributedLockBuilder AddDaprDistributedLock(
        this IServiceCollection services,
        Action<IServiceProvider, DaprDistributedLockBuilder>? configure = null,
        ServiceLifetime lifetime = ServiceLifetime.Scoped)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHttpClient();
        services.Add(new ServiceDescriptor(typeof(DaprDistributedLockClient), provider => Build(provider, configure), lifetime));
        return new DaprLockBuilder(services);
    }

    private static DaprDistributedLockClient Build(IServiceProvider provider, Action<IServiceProvider, DaprDistributedLockBuilder>? configure)
    {
        var builder = new DaprDistributedLockBuilder(provider.GetService<IConfiguration>());
        builder.UseHttpClientFactory(provider.GetRequiredService<IHttpClientFactory>());
        configure?.Invoke(provider, builder);
        return builder.Build();
    }
}

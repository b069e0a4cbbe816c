using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Dapr client to the container.</summary>
public static class DaprServiceCollectionExtensions
{
    /// <summary>
    /// The key of an <see cref="HttpMessageHandler"/> in the container that takes every call of the client instead of a socket,
    /// so that an app and its sidecar in one process can talk directly.
    /// </summary>
    private const string HandlerKey = "dapr";

    /// <summary>Adds the client; configuration comes before the environment.</summary>
    public static void AddDaprClient(this IServiceCollection services, Action<DaprClientBuilder>? configure = null, ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        ArgumentNullException.ThrowIfNull(services);
        Add(services, (_, builder) => configure?.Invoke(builder), lifetime);
    }

    /// <summary>Adds the client; configuration comes before the environment.</summary>
    public static void AddDaprClient(this IServiceCollection services, Action<IServiceProvider, DaprClientBuilder> configure, ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        ArgumentNullException.ThrowIfNull(services);
        Add(services, configure, lifetime);
    }

    private static void Add(IServiceCollection services, Action<IServiceProvider, DaprClientBuilder> configure, ServiceLifetime lifetime) =>
        services.TryAdd(new ServiceDescriptor(typeof(DaprClient), provider => Build(provider, configure), lifetime));

    private static DaprClient Build(IServiceProvider provider, Action<IServiceProvider, DaprClientBuilder> configure)
    {
        var configuration = provider.GetService<IConfiguration>();
        var builder = new DaprClientBuilder()
            .UseHttpEndpoint(DaprDefaults.GetDefaultHttpEndpoint(configuration))
            .UseGrpcEndpoint(DaprDefaults.GetDefaultGrpcEndpoint(configuration));

        var token = DaprDefaults.GetDefaultDaprApiToken(configuration);
        if (!string.IsNullOrWhiteSpace(token))
            builder.UseDaprApiToken(token);
        if (provider.GetService<TimeProvider>() is { } clock)
            builder.UseTimeProvider(clock);
        if (provider is IKeyedServiceProvider keyed && keyed.GetKeyedService(typeof(HttpMessageHandler), HandlerKey) is HttpMessageHandler handler)
            builder.UseHttpMessageHandler(handler);

        configure?.Invoke(provider, builder);
        return builder.Build();
    }
}

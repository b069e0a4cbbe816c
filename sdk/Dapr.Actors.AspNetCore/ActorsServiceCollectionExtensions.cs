using Dapr;
using Dapr.Actors.AspNetCore;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the actor runtime to an app.</summary>
public static class ActorsServiceCollectionExtensions
{
    public static void AddActors(
        this IServiceCollection? services, Action<ActorRuntimeOptions>? configure, ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddHealthChecks();
        services.AddLogging();
        services.AddOptions();

        services.TryAddSingleton<SidecarTransport>();
        services.TryAdd(new ServiceDescriptor(typeof(ActorActivatorFactory), typeof(DependencyInjectionActorActivatorFactory), lifetime));
        services.TryAdd(new ServiceDescriptor(typeof(ActorRuntime), CreateRuntime, lifetime));
        services.TryAdd(new ServiceDescriptor(typeof(IActorProxyFactory), CreateProxyFactory, lifetime));
        if (configure is not null)
            services.Configure(configure);
    }

    private static ActorRuntime CreateRuntime(IServiceProvider services)
    {
        var options = Options(services);
        return new ActorRuntime(options, services.GetRequiredService<ActorActivatorFactory>(), new ActorSurroundings(
            services.GetRequiredService<SidecarTransport>().Client(options.HttpEndpoint, options.DaprApiToken),
            options.JsonSerializerOptions,
            services.GetRequiredService<IActorProxyFactory>(),
            services.GetRequiredService<ILoggerFactory>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    private static ActorProxyFactory CreateProxyFactory(IServiceProvider services)
    {
        var options = Options(services);
        var proxyOptions = new ActorProxyOptions
        {
            DaprApiToken = options.DaprApiToken,
            HttpEndpoint = options.HttpEndpoint,
            JsonSerializerOptions = options.JsonSerializerOptions,
            UseJsonSerialization = options.UseJsonSerialization,
        };
        return new ActorProxyFactory(proxyOptions, services.GetRequiredService<SidecarTransport>().Handler);
    }

    private static ActorRuntimeOptions Options(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ActorRuntimeOptions>>().Value;
        var configuration = services.GetService<IConfiguration>();
        if (string.IsNullOrWhiteSpace(options.DaprApiToken))
            options.DaprApiToken = DaprDefaults.GetDefaultDaprApiToken(configuration);
        if (string.IsNullOrWhiteSpace(options.HttpEndpoint))
            options.HttpEndpoint = DaprDefaults.GetDefaultHttpEndpoint(configuration);
        return options;
    }
}

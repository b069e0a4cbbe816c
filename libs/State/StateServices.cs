using Dapr.Client;
using DaprMesh.State;
using DaprMesh.State.Commits;
using DaprMesh.State.Outbox;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds stores of documents to the container.</summary>
public static class StateServices
{
    /// <summary>
    /// Adds a <see cref="StateStore{T}"/>, and what publishes its events. Documents and events are serialized with the options of HTTP JSON, so the service's
    /// <see cref="System.Text.Json.Serialization.JsonSerializerContext"/> has to know them.
    /// </summary>
    public static IServiceCollection AddStateStore<T>(this IServiceCollection services, Action<StateStoreBuilder<T>>? configure = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new StateStoreBuilder<T>();
        configure?.Invoke(builder);
        if (!services.Any(service => service.ServiceType == typeof(Inbox)))
        {
            services.PostConfigure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Add(OutboxJson.Default));
            services.AddDaprClient((provider, dapr) => dapr.UseJsonSerializationOptions(provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions));
            services.AddSingleton<Inbox>();
            services.TryAddSingleton(TimeProvider.System);
        }

        services.AddSingleton(provider => New(builder, provider));
        services.AddHostedService(provider => Upkeep(builder, provider));
        return services;
    }

    private static StateStore<T> New<T>(StateStoreBuilder<T> builder, IServiceProvider provider) where T : class
    {
        var dapr = provider.GetRequiredService<DaprClient>();
        var clock = provider.GetRequiredService<TimeProvider>();
        var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger($"DaprMesh.State.{builder.KeyPrefix}");
        var keys = new LogKeys(builder.KeyPrefix);
        var table = new StateTable(dapr, builder.ComponentName);
        var sender = new EventSender(dapr, builder.PubSubName);
        var source = Source(provider);
        var json = provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return new StateStore<T>(
            new StoreContext<T>(builder.KeyPrefix, builder.ShardCount, builder.Indexes, table, json, clock),
            () => new EventLog(keys, new EventPublisher(table, keys, sender, clock, log), source, clock));
    }

    private static StateUpkeep<T> Upkeep<T>(StateStoreBuilder<T> builder, IServiceProvider provider) where T : class
    {
        var dapr = provider.GetRequiredService<DaprClient>();
        var clock = provider.GetRequiredService<TimeProvider>();
        var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger($"DaprMesh.State.{builder.KeyPrefix}");
        var recovery = new LogRecovery(
            new StateTable(dapr, builder.ComponentName), new LogKeys(builder.KeyPrefix), new EventSender(dapr, builder.PubSubName), clock, log);
        return new StateUpkeep<T>(provider.GetRequiredService<StateStore<T>>(), recovery, dapr, clock, log);
    }

    /// <summary>The app-id, which an app is told by its environment; else what its program is called.</summary>
    private static string Source(IServiceProvider provider) =>
        provider.GetService<IConfiguration>()?["APP_ID"] is { Length: > 0 } appId
            ? appId
            : (provider.GetService<IHostEnvironment>()?.ApplicationName.Split('.')[^1] ?? "unknown").ToLowerInvariant();
}

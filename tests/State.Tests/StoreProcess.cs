using DaprMesh.State.Outbox;
using DaprMesh.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DaprMesh.State.Tests;

/// <summary>What a process of a service has of a store. Several of them at one sidecar are replicas.</summary>
internal sealed class StoreProcess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public StoreProcess(Mesh mesh, CallSwitch? calls = null, string prefix = "order", int shards = 1)
    {
        var sidecar = mesh.Sidecar("shop");
        Calls = calls ?? new CallSwitch(sidecar);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["DAPR_HTTP_ENDPOINT"] = sidecar.BaseAddress?.ToString(), ["APP_ID"] = "shop" })
            .Build());
        services.AddLogging();
        services.AddSingleton<TimeProvider>(mesh.Clock);
        services.AddKeyedSingleton<HttpMessageHandler>("dapr", Calls);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrderJson.Default));
        services.AddStateStore<Order>(store => store
            .Prefix(prefix)
            .Index("by-owner", order => order.Owner, newest: order => order.At)
            .Index("by-status", order => order.Status, newest: order => order.At)
            .Shards(shards));
        _services = services.BuildServiceProvider();
        Orders = _services.GetRequiredService<StateStore<Order>>();
    }

    public StateStore<Order> Orders { get; }

    public CallSwitch Calls { get; }

    public Commits.StoreContext<Order> Context => Orders.Context;

    private StateUpkeep<Order> Upkeep => (StateUpkeep<Order>)_services.GetServices<IHostedService>().Single(service => service is StateUpkeep<Order>);

    /// <summary>A mesh with nothing but a sidecar, over a store of a type.</summary>
    public static Task<Mesh> MeshAsync(string type, CancellationToken ct) => Mesh.StartAsync(
        mesh => mesh.Sidecar("shop").Resource(
            $$"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: statestore }
            spec:
              type: {{type}}
              version: v1
              metadata:
                - { name: connectionString, value: state.db }
            """),
        ct);

    /// <summary>What the upkeep does once in a while.</summary>
    public Task UpkeepAsync(CancellationToken ct) => Upkeep.RunAsync(ct);

    /// <summary>The end of a process that is allowed to end in peace.</summary>
    public Task StopAsync(CancellationToken ct) => Upkeep.StopAsync(ct);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

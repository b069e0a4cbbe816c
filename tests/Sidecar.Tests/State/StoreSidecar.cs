using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Observability;
using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Runtime;
using DaprMesh.Sidecar.Tests.Resiliency;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.State;

/// <summary>What a component needs to live, with a clock that stands and a folder of its own.</summary>
internal sealed class StoreSidecar : IAsyncDisposable
{
    private readonly List<IComponent> _components = [];

    public StoreSidecar()
    {
        Runtime = new SidecarRuntime(Clock, registryFolder: null);
        var resources = new LoadedResources(new Configuration(), [], [], [], []);
        Context = new SidecarContext
        {
            Options = new SidecarOptions { AppId = "checkout", WorkingDirectory = Folder.Path },
            Clock = Clock,
            Loggers = NullLoggerFactory.Instance,
            Runtime = Runtime,
            Resources = resources,
            Components = new ComponentRegistry(),
            Resiliency = new ResiliencyPolicies([], Clock, NullLoggerFactory.Instance),
            Metrics = new SidecarMetrics(new MetricsSpec(), "checkout", ""),
            Tracing = new SidecarTracing(new TracingSpec(), "checkout", NullLoggerFactory.Instance),
            Health = new HealthState(),
            App = null,
            Stopping = CancellationToken.None,
        };
    }

    public TempFolder Folder { get; } = new();

    public ManualClock Clock { get; } = new();

    public SidecarContext Context { get; }

    public SidecarRuntime Runtime { get; }

    /// <summary>A component of the type, initialised.</summary>
    public async Task<T> StartAsync<T>(string type, params (string Name, string Value)[] metadata) where T : class, IComponent
    {
        var resource = new Component(
            "store", type, "v1", metadata.ToDictionary(item => item.Name, item => item.Value, StringComparer.OrdinalIgnoreCase),
            [], TimeSpan.FromSeconds(5), IgnoreErrors: false, Source: "test");
        var component = ComponentTypes.All[type].Create(resource, Context);
        _components.Add(component);
        await component.InitAsync(TestContext.Current.CancellationToken);
        return Assert.IsAssignableFrom<T>(component);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var component in _components)
        {
            await component.DisposeAsync();
        }

        await Runtime.DisposeAsync();
        Folder.Dispose();
    }
}

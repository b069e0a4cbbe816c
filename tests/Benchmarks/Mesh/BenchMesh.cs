using System.Net;
using System.Net.Sockets;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.InProcess;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Benchmarks.Mesh;

/// <summary>Apps and sidecars in this process, as the launcher runs them, over a durable state store and a durable log.</summary>
internal sealed class BenchMesh : IAsyncDisposable
{
    private readonly List<AppHost> _apps = [];
    private readonly List<SidecarHost> _sidecars = [];
    private readonly SidecarRuntime _runtime;
    private readonly string _folder;

    private BenchMesh(string folder)
    {
        _folder = folder;
        _runtime = new SidecarRuntime(TimeProvider.System, folder);
    }

    public Deliveries Deliveries { get; } = new();

    /// <summary>Off: hosts of this process talk over loopback TCP.</summary>
    public bool Dispatch
    {
        get => _runtime.Dispatch.Enabled;
        set => _runtime.Dispatch.Enabled = value;
    }

    public static BenchMesh Create(string folder)
    {
        var resources = Directory.CreateDirectory(Path.Combine(folder, "components")).FullName;
        foreach (var (name, type, more) in new[]
                 {
                     ("statestore", "state.sqlite", "\n    - name: actorStateStore\n      value: \"true\""), ("pubsub", "pubsub.sqlite", ""),
                 })
        {
            File.WriteAllText(Path.Combine(resources, name + ".yaml"), $"""
                apiVersion: dapr.io/v1alpha1
                kind: Component
                metadata:
                  name: {name}
                spec:
                  type: {type}
                  version: v1
                  metadata:
                    - name: connectionString
                      value: {Path.Combine(folder, "mesh.db")}{more}
                """);
        }

        return new BenchMesh(folder);
    }

    /// <summary>Starts a sidecar, with one of <see cref="BenchApps"/> when a role is given.</summary>
    /// <returns>The ports of the app and of the sidecar's API.</returns>
    public Task<(int App, int Sidecar)> StartAsync(string appId, string? role, CancellationToken ct) => StartAsync(
        appId, role is null ? null : typeof(BenchMesh).Assembly, role is null ? [] : new Dictionary<string, string> { [BenchApps.Role] = role }, ct);

    /// <summary>Starts a sidecar, with a program when one is given.</summary>
    /// <returns>The ports of the app and of the sidecar's API.</returns>
    public async Task<(int App, int Sidecar)> StartAsync(
        string appId, System.Reflection.Assembly? program, Dictionary<string, string> settings, CancellationToken ct)
    {
        var port = program is null ? 0 : FreePort();
        var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                AppId = appId,
                AppPort = port,
                DaprHttpPort = 0,
                DaprListenAddresses = ["127.0.0.1"],
                MetricsPort = 0,
                MetricsListenAddress = "127.0.0.1",
                ResourcesPaths = [Path.Combine(_folder, "components")],
                PlacementHostAddress = "127.0.0.1:50005", // names the actor runtime; nothing listens there
                WorkingDirectory = _folder,
                IdentifyCallers = true,
            },
            _runtime, NullLoggerFactory.Instance, ct);
        _sidecars.Add(sidecar);
        if (program is not null)
        {
            _apps.Add(await AppHost.StartAsync(
                new AppSpec(appId, program)
                {
                    ContentRoot = _folder,
                    Port = port,
                    Environment = "Production",
                    Settings = settings,
                    Log = NullLoggerProvider.Instance,
                    ConfigureServices = services => services.AddSingleton(Deliveries),
                },
                sidecar.HttpPort, _runtime, ct));
        }

        await sidecar.Ready.WaitAsync(ct);
        return (port, sidecar.HttpPort);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        foreach (var sidecar in _sidecars)
        {
            await sidecar.DisposeAsync();
        }

        await _runtime.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

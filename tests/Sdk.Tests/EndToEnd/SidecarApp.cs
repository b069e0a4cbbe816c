using System.Net;
using System.Net.Sockets;
using Dapr.Client;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.InProcess;
using DaprMesh.Sidecar.Runtime;
using DaprMesh.Sidecar.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sdk.Tests.EndToEnd;

/// <summary>How an app and its sidecar talk.</summary>
public enum Transport
{
    Sockets,
    Dispatch,
}

/// <summary>The app <c>shop</c> on Kestrel and its embedded sidecar with one component of each kind, in a folder of its own.</summary>
internal sealed class SidecarApp : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("daprmesh-sdk-");
    private readonly SidecarRuntime _runtime = new(TimeProvider.System, registryFolder: null);
    private SidecarHost? _sidecar;
    private WebApplication? _app;

    private SidecarApp(Transport transport) => _runtime.Dispatch.Enabled = transport is Transport.Dispatch;

    public DaprClient Client => Services.GetRequiredService<DaprClient>();

    public IServiceProvider Services => (_app ?? throw new InvalidOperationException("The app has not started.")).Services;

    public string SidecarUrl => $"http://127.0.0.1:{_sidecar?.HttpPort}";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public static async Task<SidecarApp> StartAsync(Transport transport, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null)
    {
        var app = new SidecarApp(transport);
        try
        {
            await app.StartAsync(build, map);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes an item of the configuration store, as another process would.</summary>
    public async Task ConfigureAsync(string key, string value)
    {
        await using var file = SqliteFile.Open(Path.Combine(_folder.FullName, "settings.db"));
        await file.WriteAsync(session => session.Execute("REPLACE INTO configuration (key, value, version) VALUES ($1, $2, '1')", key, value));
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_sidecar is not null)
            await _sidecar.DisposeAsync();
        await _runtime.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(Action<WebApplicationBuilder>? build, Action<WebApplication>? map)
    {
        // The socket holds the app's port until Kestrel listens on it: the sidecar has to know it first, and the app the sidecar's.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)(socket.LocalEndPoint ?? throw new InvalidOperationException("The socket is bound."))).Port;

        WriteResources();
        _sidecar = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                AppId = "shop",
                AppPort = port,
                DaprHttpPort = 0,
                DaprListenAddresses = ["127.0.0.1"],
                EnableMetrics = false,
                PlacementHostAddress = "localhost:1",
                SchedulerHostAddress = "localhost:1",
                ResourcesPaths = [_folder.FullName],
                WorkingDirectory = _folder.FullName,
            },
            _runtime, NullLoggerFactory.Instance, Ended);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").UseSockets(sockets => sockets.CreateBoundListenSocket = _ => socket);
        builder.Configuration["DAPR_HTTP_ENDPOINT"] = SidecarUrl;
        builder.Services.AddDaprClient();
        build?.Invoke(builder);
        if (_runtime.Dispatch.Enabled)
            Dispatch(builder.Services);
        _app = builder.Build();
        map?.Invoke(_app);
        await _app.StartAsync(Ended);
        await _sidecar.Ready.WaitAsync(Ended);
    }

    private void Dispatch(IServiceCollection services)
    {
        services.AddKeyedSingleton("dapr", _runtime.Dispatch.AppHandler);
        services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => _runtime.Dispatch.AppHandler));
        var server = services.Last(service => service.ServiceType == typeof(IServer)).ImplementationType
            ?? throw new InvalidOperationException("Kestrel is registered by its type.");
        services.AddSingleton<IServer>(provider => new DispatchServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, server), _runtime.Dispatch, alias: 0, _ => { }));
    }

    private void WriteResources()
    {
        Write("statestore", "state.sqlite", ("connectionString", "shop.db"), ("actorStateStore", "true"));
        Write("pubsub", "pubsub.sqlite", ("connectionString", "shop.db"));
        Write("settings", "configuration.sqlite", ("connectionString", "settings.db"));
        Write("locks", "lock.sqlite", ("connectionString", "shop.db"));
        Write("files", "bindings.localstorage", ("rootPath", "files"));
        Write("vault", "secretstores.local.file", ("secretsFile", "secrets.json"), ("nestedSeparator", ":"));
        File.WriteAllText(Path.Combine(_folder.FullName, "secrets.json"), """{"db":{"user":"u","password":"p/+%"},"ключ 1":"unicode"}""");
    }

    private void Write(string name, string type, params (string Name, string Value)[] metadata) => File.WriteAllText(
        Path.Combine(_folder.FullName, name + ".yaml"),
        $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: {name}
        spec:
          type: {type}
          version: v1
          metadata:
        {string.Join('\n', metadata.Select(item => $"  - name: {item.Name}\n    value: \"{item.Value}\""))}
        """);
}

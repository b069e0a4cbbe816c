using System.Net.Http.Headers;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.InProcess;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Testing;

/// <summary>One app of a mesh with its sidecar.</summary>
internal sealed class MeshApp(PlannedApp planned, SidecarOptions options, SidecarRuntime runtime, MeshLog log) : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private readonly ILoggerFactory _loggers = LoggerFactory.Create(logging => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddProvider(log.For(planned.AppId + "/dapr")));

    private SidecarHost? _sidecar;
    private AppHost? _app;
    private HttpClient? _sidecarClient;
    private HttpClient? _appClient;

    public HttpClient SidecarClient => _sidecarClient ?? throw new InvalidOperationException($"The sidecar of {planned.AppId} does not run.");

    public HttpClient AppClient => _appClient ?? throw new InvalidOperationException($"{planned.AppId} is a sidecar without an app.");

    public IServiceProvider Services => _app?.Services ?? throw new InvalidOperationException($"{planned.AppId} is a sidecar without an app.");

    /// <summary>Not one of the mesh's own, as headers stay on a client.</summary>
    public HttpClient AppClientWith(string token)
    {
        var client = new HttpClient(runtime.Dispatch.AppHandler, disposeHandler: false) { BaseAddress = AppClient.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task StartAsync(CancellationToken ct)
    {
        _sidecar = await SidecarHost.StartAsync(options, runtime, _loggers, ct);
        _sidecarClient = ClientOf(_sidecar.HttpPort);
        if (options.DaprApiToken is { } token)
        {
            _sidecarClient.DefaultRequestHeaders.Add("dapr-api-token", token);
        }

        await StartAppAsync(_sidecar, planned.Options, port: 0, ct);
        await _sidecar.Ready.WaitAsync(ct);
    }

    public async Task RestartAsync(CancellationToken ct)
    {
        if (_app is not { } app || _sidecar is not { } sidecar)
        {
            throw new InvalidOperationException($"{planned.AppId} is a sidecar without an app.");
        }

        await app.StopAsync(ct);
        await StartAppAsync(sidecar, planned.Options, app.Port, ct);
    }

    /// <summary>The app first, as in production; then the sidecar.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopPatience, TimeProvider.System);
        try
        {
            if (_app is not null)
            {
                await _app.StopAsync(patience.Token);
            }

            if (_sidecar is not null)
            {
                await _sidecar.StopAsync(patience.Token);
            }
        }
        finally
        {
            if (_sidecar is not null)
            {
                await _sidecar.DisposeAsync();
            }

            _appClient?.Dispose();
            _sidecarClient?.Dispose();
            _loggers.Dispose();
        }
    }

    private async Task StartAppAsync(SidecarHost sidecar, MeshAppOptions app, int port, CancellationToken ct)
    {
        if (planned.Program is null)
        {
            return;
        }

        var spec = new AppSpec(planned.AppId, planned.Program)
        {
            ContentRoot = app.ContentRoot ?? ContentRoots.Of(planned.Program),
            Environment = app.Environment,
            Port = port,
            DispatchPort = options.AppPort,
            Main = planned.Main,
            Settings = SettingsOf(app),
            Log = log.For(planned.AppId),
            ConfigureServices = app.Services,
        };
        _app = await AppHost.StartAsync(spec, sidecar.HttpPort, runtime, ct);
        _appClient ??= ClientOf(_app.Port);
    }

    private Dictionary<string, string> SettingsOf(MeshAppOptions app)
    {
        var settings = new Dictionary<string, string>(app.Settings, StringComparer.Ordinal);
        settings.TryAdd("DAPR_API_TOKEN", options.DaprApiToken ?? "");
        settings.TryAdd("APP_API_TOKEN", options.AppApiToken ?? "");
        return settings;
    }

    private HttpClient ClientOf(int port) =>
        new(runtime.Dispatch.AppHandler, disposeHandler: false) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
}

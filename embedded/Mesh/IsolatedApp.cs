using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DaprMesh.Launcher;

/// <summary>An app and its sidecar in a process each.</summary>
internal sealed class IsolatedApp : IMeshApp
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly ChildProcess _sidecar;
    private readonly ChildProcess? _app;

    private IsolatedApp(RunApp run, ChildProcess sidecar, ChildProcess? app, Uri sidecarUrl, Uri? url, TimeSpan readyAfter)
    {
        AppId = run.AppId;
        Name = run.Name;
        _sidecar = sidecar;
        _app = app;
        SidecarUrl = sidecarUrl;
        Url = url;
        ReadyAfter = readyAfter;
    }

    public string AppId { get; }

    public string Name { get; }

    public Uri? Url { get; }

    public Uri SidecarUrl { get; }

    public TimeSpan ReadyAfter { get; }

    public Task Ended => _app is null ? _sidecar.Ended : Task.WhenAny(_app.Ended, _sidecar.Ended);

    public static async Task<IsolatedApp> StartAsync(RunApp app, MeshStart start, CancellationToken ct)
    {
        var port = app.DaprHttpPort > 0 ? app : app with { DaprHttpPort = FreePort() - start.PortOffset };
        var sidecarUrl = new Uri($"http://127.0.0.1:{port.DaprHttpPort + start.PortOffset}");
        var appPort = app.AppPort > 0 ? app.AppPort + start.PortOffset : 0;
        ChildProcess? sidecar = null;
        ChildProcess? program = null;
        try
        {
            sidecar = ChildProcess.Start(
                "dotnet", [Path.Combine(AppContext.BaseDirectory, "DaprMesh.Sidecar.dll"), .. SidecarFlags.Of(port, start.PortOffset)],
                start.DataFolder, AppTokens.AddTo(new Dictionary<string, string> { ["DAPRMESH_REGISTRY"] = start.DataFolder }, app),
                line => start.Log.Raw(app.Name + "/dapr", line));
            await WaitAsync(new Uri(sidecarUrl, "/v1.0/healthz/outbound"), sidecar, start, app.Name + "/dapr", ct);
            program = StartProgram(app, start, sidecarUrl, appPort);
            if (program is not null)
            {
                await WaitAsync(new Uri(sidecarUrl, "/v1.0/healthz"), program, start, app.Name, ct);
            }

            var url = appPort > 0 ? new Uri($"http://localhost:{appPort}") : null;
            return new IsolatedApp(app, sidecar, program, sidecarUrl, url, Stopwatch.GetElapsedTime(start.Began));
        }
        catch
        {
            program?.Dispose();
            sidecar?.Dispose();
            throw;
        }
    }

    public async Task StopAsync(CancellationToken ct)
    {
        if (_app is not null)
        {
            await _app.StopAsync(ct);
        }

        await _sidecar.StopAsync(ct);
    }

    public ValueTask DisposeAsync()
    {
        _app?.Dispose();
        _sidecar.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ChildProcess? StartProgram(RunApp app, MeshStart start, Uri sidecarUrl, int appPort)
    {
        if (app.Command.Count == 0)
        {
            return null;
        }

        var environment = new Dictionary<string, string>(start.SettingsOf(app))
        {
            ["APP_ID"] = app.AppId,
            ["DAPR_HTTP_PORT"] = sidecarUrl.Port.ToString(CultureInfo.InvariantCulture),
            ["DAPR_HTTP_ENDPOINT"] = sidecarUrl.GetLeftPart(UriPartial.Authority),
            ["ASPNETCORE_ENVIRONMENT"] = app.Settings.Env.GetValueOrDefault("ASPNETCORE_ENVIRONMENT", "Development"),
        };
        if (appPort > 0)
        {
            environment["APP_PORT"] = appPort.ToString(CultureInfo.InvariantCulture);
            environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{appPort}";
        }

        // What was built with the launcher is started as it is; anything else by its own command.
        string[] command = AppProgram.Find(app.Folder) is { } built ? ["dotnet", built] : [.. app.Command];
        return ChildProcess.Start(command[0], command[1..], app.Folder, environment, line => start.Log.Raw(app.Name, line));
    }

    /// <summary>Waits until the sidecar answers; a process that ends meanwhile ends the wait.</summary>
    private static async Task WaitAsync(Uri health, ChildProcess process, MeshStart start, string name, CancellationToken ct)
    {
        while (true)
        {
            if (process.Ended.IsCompleted)
            {
                throw start.AppDied(name, $"exit code {process.ExitCode}", null);
            }

            try
            {
                using var response = await Probe.GetAsync(health, ct);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, ct);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Collections;
using System.Diagnostics;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.InProcess;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Launcher;

/// <summary>An app and its sidecar in the launcher's own process.</summary>
internal sealed class InProcessApp : IMeshApp
{
    private readonly SidecarHost _sidecar;
    private readonly ILoggerFactory _loggers;
    private readonly AppHost? _app;

    private InProcessApp(string name, SidecarHost sidecar, ILoggerFactory loggers, AppHost? app, TimeSpan readyAfter)
    {
        Name = name;
        _sidecar = sidecar;
        _loggers = loggers;
        _app = app;
        ReadyAfter = readyAfter;
    }

    public string AppId => _sidecar.AppId;

    public string Name { get; }

    public Uri? Url => _app is null ? null : new Uri($"http://localhost:{_app.Port}");

    public Uri SidecarUrl => new($"http://localhost:{_sidecar.HttpPort}");

    public TimeSpan ReadyAfter { get; }

    public Task Ended => _app?.Completion ?? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);

    public static async Task<InProcessApp> StartAsync(RunApp app, MeshStart start, SidecarRuntime runtime, CancellationToken ct)
    {
        var options = CommandLine.Parse([.. SidecarFlags.Of(app, start.PortOffset)], AppTokens.AddTo(EnvironmentVariables(), app)) with
        {
            WorkingDirectory = start.DataFolder,
            IdentifyCallers = true,
        };
        var loggers = start.Log.FactoryFor(app.Name + "/dapr", Level(options.LogLevel));
        SidecarHost? sidecar = null;
        try
        {
            sidecar = await SidecarHost.StartAsync(options, runtime, loggers, ct);
            var host = AppProgram.Find(app.Folder) is { } program && app.Command.Count > 0
                ? await AppHost.StartAsync(
                    new AppSpec(app.AppId, AppProgram.Load(program))
                    {
                        ContentRoot = app.Folder,
                        Port = app.AppPort > 0 ? app.AppPort + start.PortOffset : 0,
                        Settings = start.SettingsOf(app),
                        Log = start.Log.For(app.Name),
                    },
                    sidecar.HttpPort, runtime, ct)
                : null;
            await sidecar.Ready.WaitAsync(ct);
            return new InProcessApp(app.Name, sidecar, loggers, host, Stopwatch.GetElapsedTime(start.Began));
        }
        catch (Exception e)
        {
            if (sidecar is not null)
            {
                await sidecar.DisposeAsync();
            }

            loggers.Dispose();
            throw e switch
            {
                AppStartException => start.AppDied(app.Name, e.InnerException?.Message ?? e.Message, e),
                SidecarStartException => new MeshException($"the sidecar of {app.Name} cannot start: {e.Message}", e),
                _ => e,
            };
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

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        await _sidecar.DisposeAsync();
        _loggers.Dispose();
    }

    private static LogLevel Level(string name) => name.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.Debug,
        "INFO" => LogLevel.Information,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        _ => LogLevel.Warning,
    };

    private static Dictionary<string, string> EnvironmentVariables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}

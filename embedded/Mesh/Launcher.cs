using System.Net;
using System.Net.Sockets;
using DaprMesh.Sidecar.Runtime;

namespace DaprMesh.Launcher;

/// <summary>Starts every app of a run file with its sidecar, says where they are, and stops them again.</summary>
internal sealed class Launcher : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);
    private readonly List<IMeshApp> _apps = [];
    private readonly MeshLog _log;
    private readonly DataFolder _data;
    private readonly SidecarRuntime? _runtime;

    private Launcher(MeshLog log, DataFolder data, SidecarRuntime? runtime)
    {
        _log = log;
        _data = data;
        _runtime = runtime;
    }

    public IReadOnlyList<IMeshApp> Apps => _apps;

    /// <exception cref="MeshException">What keeps the mesh from starting.</exception>
    public static async Task<Launcher> StartAsync(MeshOptions options, MeshLog log, long began, CancellationToken ct)
    {
        var file = RunFile.Read(RunFile.Locate(options.RunFile));
        var apps = Replicas.Of(Choose(file, options.Only), options.Replicas, options.PortOffset);
        CheckPorts(apps, options.PortOffset);
        var data = DataFolder.Open(Path.GetFullPath(options.DataFolder ?? Path.Combine(file.Folder, ".daprmesh")), options.Fresh);
        var runtime = options.Isolated ? null : new SidecarRuntime(TimeProvider.System, data.Path);
        if (runtime is not null)
        {
            runtime.Dispatch.Enabled = !options.NoDispatch;
        }

        var launcher = new Launcher(log, data, runtime);
        try
        {
            var start = new MeshStart(log, data.Path, options.PortOffset, apps, began);
            var starting = apps.Select<RunApp, Task<IMeshApp>>(async app => runtime is null
                ? await IsolatedApp.StartAsync(app, start, ct)
                : await InProcessApp.StartAsync(app, start, runtime, ct)).ToList();
            await launcher.CollectAsync(starting);
            return launcher;
        }
        catch
        {
            await launcher.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until an app has ended by itself, with all its instances, and says which.</summary>
    public async Task<string> FirstEndAsync(CancellationToken ct)
    {
        var running = _apps.ToDictionary(app => app.Ended);
        while (true)
        {
            var ended = await Task.WhenAny(running.Keys).WaitAsync(ct);
            running.Remove(ended, out var gone);
            if (running.Values.All(app => app.AppId != gone!.AppId))
            {
                return gone!.Name; // it was one of them
            }

            // Its other half goes, too, so that nobody calls what cannot answer.
            _log.Raw(gone!.Name, "ended; another instance goes on");
            using var timeout = new CancellationTokenSource(StopTimeout);
            await gone.StopAsync(timeout.Token);
        }
    }

    public async Task StopAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout);
        await Task.WhenAll(_apps.Select(app => app.StopAsync(timeout.Token)));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_apps.Select(app => app.DisposeAsync().AsTask()));
        if (_runtime is not null)
        {
            await _runtime.DisposeAsync();
        }

        _data.Dispose();
    }

    private static IReadOnlyList<RunApp> Choose(RunFile file, IReadOnlyList<string> only)
    {
        if (only.FirstOrDefault(name => file.Apps.All(app => app.AppId != name)) is { } unknown)
        {
            throw new MeshException($"there is no app {unknown} in {file.Path}; there are {string.Join(", ", file.Apps.Select(app => app.AppId))}.");
        }

        return [.. file.Apps.Where(app => only.Count == 0 || only.Contains(app.AppId)).Select(AppTokens.GiveTo)];
    }

    /// <summary>A taken port is told before anything starts, with the app that wanted it.</summary>
    private static void CheckPorts(IReadOnlyList<RunApp> apps, int offset)
    {
        foreach (var (app, what, port) in apps.SelectMany(app => new[]
                 {
                     (app, "appPort", app.AppPort), (app, "daprHTTPPort", app.DaprHttpPort), (app, "metricsPort", app.MetricsPort),
                 }))
        {
            if (port == 0)
            {
                continue;
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port + offset);
                listener.Start();
            }
            catch (SocketException e)
            {
                throw new MeshException($"port {port + offset} ({what} of {app.AppId}) is taken; stop what listens there, or shift all ports with --port-offset.", e);
            }
        }
    }

    /// <summary>Keeps what has started, so that a failure of one stops the others.</summary>
    private async Task CollectAsync(List<Task<IMeshApp>> starting)
    {
        Exception? failure = null;
        while (starting.Count > 0)
        {
            var done = await Task.WhenAny(starting);
            starting.Remove(done);
            try
            {
                _apps.Add(await done);
            }
            catch (Exception e) when (e is MeshException or OperationCanceledException)
            {
                failure ??= e;
            }
        }

        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}

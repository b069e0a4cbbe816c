using System.Security.Cryptography;
using DaprMesh.Contracts;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.InProcess;
using DaprMesh.Sidecar.Runtime;

namespace DaprMesh.Testing;

/// <summary>
/// ASP.NET Core programs and small inline apps in this process, each with a sidecar of its own, on ports and in a folder that nobody else has.
/// </summary>
public sealed class Mesh : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private readonly Dictionary<(string AppId, int Replica), MeshApp> _apps = [];
    private readonly MeshFolder _folder;
    private readonly MeshLog _log;
    private readonly SidecarRuntime _runtime;
    private readonly TimeProvider _time;
    private readonly Authority? _authority;

    private Mesh(MeshBuilder plan)
    {
        _time = plan.Time;
        _folder = new MeshFolder(plan);
        _log = new MeshLog(plan.Time, plan.Output);
        _authority = plan.HasAuthority ? new Authority(plan.Time) : null;
        Events = new EventRecorder();
        Faults = new Faults(plan.Time);
        _runtime = new SidecarRuntime(plan.Time, registryFolder: null) { Interceptor = new Interceptor(Events, Faults, plan.Time) };
    }

    /// <summary>The clock of sidecars and apps.</summary>
    /// <exception cref="InvalidOperationException">The mesh was given another clock, which does not move by hand.</exception>
    public ManualTime Clock => _time as ManualTime ?? throw new InvalidOperationException("This mesh runs on a clock that does not move by hand.");

    /// <summary>Signs access tokens that the services of the mesh take.</summary>
    /// <exception cref="InvalidOperationException">The mesh was described without one.</exception>
    public Authority Authority => _authority ?? throw new InvalidOperationException("This mesh has no authority: describe it with Authority().");

    /// <summary>Every event that was published and every delivery.</summary>
    public EventRecorder Events { get; }

    /// <summary>Switches for what can go wrong.</summary>
    public Faults Faults { get; }

    /// <summary>The log lines of apps and sidecars so far.</summary>
    public IReadOnlyList<string> Log => _log.Lines;

    /// <summary>Starts the apps and their sidecars, and returns when every sidecar brings work to its app.</summary>
    /// <exception cref="MeshStartException">One of them did not start; the message says why and ends with its log.</exception>
    public static async Task<Mesh> StartAsync(Action<MeshBuilder> describe, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(describe);
        var plan = new MeshBuilder();
        describe(plan);
        var mesh = new Mesh(plan);
        if (mesh._authority is { } authority)
        {
            plan.App(AppIds.Auth, app => AuthorityApp.Map(app, authority));
        }

        try
        {
            using var patience = new CancellationTokenSource(StartPatience, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            var instances = plan.Apps.SelectMany(app => Enumerable.Range(0, app.Options.Replicas).Select(replica => (app, replica)));
            await Task.WhenAll(instances.Select((instance, index) => mesh.StartAsync(plan, instance.app, instance.replica, index, either.Token)));
            return mesh;
        }
        catch (Exception e)
        {
            var log = mesh.Log;
            await mesh.DisposeAsync();
            throw e is SidecarStartException or AppStartException or OperationCanceledException && !ct.IsCancellationRequested
                ? new MeshStartException($"{e.Message}{Environment.NewLine}{string.Join(Environment.NewLine, log.TakeLast(20))}", e)
                : e;
        }
    }

    /// <summary>A client whose addresses begin at the app.</summary>
    /// <param name="replica">Which instance, from 0.</param>
    public HttpClient App(string appId, int replica = 0) => Find(appId, replica).AppClient;

    /// <summary>The same, with an access token.</summary>
    public HttpClient App(string appId, string token) => Find(appId, replica: 0).AppClientWith(token);

    /// <summary>A client whose addresses begin at the app's sidecar: <c>v1.0/state/statestore</c>.</summary>
    public HttpClient Sidecar(string appId, int replica = 0) => Find(appId, replica).SidecarClient;

    /// <summary>The services of an app.</summary>
    public IServiceProvider Services(string appId, int replica = 0) => Find(appId, replica).Services;

    /// <summary>Stops an app and starts it again beside the same sidecar, as a new version would be.</summary>
    public Task RestartAsync(string appId, CancellationToken ct) => Find(appId, replica: 0).RestartAsync(ct);

    /// <summary>Stops one instance of an app with its sidecar; the others stay.</summary>
    public async Task StopAsync(string appId, int replica)
    {
        var app = Find(appId, replica);
        lock (_apps)
        {
            _apps.Remove((appId, replica));
        }

        await app.DisposeAsync();
    }

    /// <summary>Stops everything and removes what it wrote.</summary>
    public async ValueTask DisposeAsync()
    {
        Faults.Close();
        await Task.WhenAll(_apps.Values.Select(app => app.DisposeAsync().AsTask()));
        await _runtime.DisposeAsync();
        Faults.Dispose();
        _folder.Dispose();
        _authority?.Dispose();
    }

    private async Task StartAsync(MeshBuilder plan, PlannedApp planned, int replica, int index, CancellationToken ct)
    {
        // The sidecar has to know its app's port before the app has one: a number of the mesh's own stands for it.
        var options = plan.SidecarChanges(new SidecarOptions
        {
            AppId = planned.AppId,
            AppPort = planned.Program is null ? 0 : ushort.MaxValue - index,
            DaprHttpPort = 0,
            DaprApiToken = RandomToken(),
            AppApiToken = RandomToken(),
            DaprGrpcPort = 0,
            DaprListenAddresses = ["127.0.0.1"],
            EnableMetrics = false,
            MetricsPort = 0,
            MetricsListenAddress = "127.0.0.1",
            ResourcesPaths = [_folder.Resources, .. plan.Folders],
            ConfigFiles = _folder.Configurations,
            PlacementHostAddress = "mesh",
            SchedulerHostAddress = "mesh",
            Environment = plan.EnvironmentVariables,
            IdentifyCallers = true,
            WorkingDirectory = _folder.Path,
        });
        var app = new MeshApp(planned, options, _runtime, _log);
        lock (_apps)
        {
            _apps.Add((planned.AppId, replica), app);
        }

        await app.StartAsync(ct);
    }

    /// <summary>As the launcher gives each app and its sidecar, so that each knows the other.</summary>
    private static string RandomToken() => RandomNumberGenerator.GetHexString(32);

    private MeshApp Find(string appId, int replica) => _apps.TryGetValue((appId, replica), out var app)
        ? app
        : throw new ArgumentException($"There is no app {appId} in this mesh; there are {string.Join(", ", _apps.Keys.Select(key => key.AppId).Distinct())}.", nameof(appId));
}

/// <summary>Why a mesh did not start.</summary>
public sealed class MeshStartException(string message, Exception inner) : Exception(message, inner);

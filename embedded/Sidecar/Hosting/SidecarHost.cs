using System.Text.Json;
using DaprMesh.Sidecar.Invoke;
using DaprMesh.Sidecar.Middleware;
using DaprMesh.Sidecar.Observability;
using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>
/// One sidecar, from its options to its stop. The order is daprd's: components, API servers, outbound ready, wait for the app,
/// <c>/dapr/config</c>, subscriptions, bindings, actors, jobs, ready.
/// </summary>
public sealed class SidecarHost : IAsyncDisposable
{
    private readonly SidecarContext _context;
    private readonly SidecarServer _server;
    private readonly IReadOnlyList<IBuildingBlock> _blocks;
    private readonly InvokeApi _invoke;
    private readonly AppWatcher? _app;
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource<bool> _shutdownRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _log;
    private readonly ComponentLoader _loader;
    private readonly ResourceWatch _watch;
    private Task _appPhase = Task.CompletedTask;
    private Task _reloads = Task.CompletedTask;
    private bool _stopped;

    private SidecarHost(SidecarContext context, SidecarServer server, ResourceWatch watch, CancellationTokenSource stopping)
    {
        _watch = watch;
        _loader = new ComponentLoader(context);
        _context = context;
        _server = server;
        _stopping = stopping;
        _log = context.Loggers.CreateLogger("dapr.runtime");
        _invoke = new InvokeApi(context);
        _blocks = BuildingBlocks.Create(context, _invoke, force => _shutdownRequested.TrySetResult(force), () => _blocks!);
        _app = context.App is null ? null : new AppWatcher(context, _blocks);
    }

    public string AppId => _context.AppId;

    /// <summary>The port of the Dapr API, known after the start.</summary>
    public int HttpPort { get; private set; }

    public int InternalPort { get; private set; }

    /// <summary>0: metrics are off.</summary>
    public int MetricsPort { get; private set; }

    public HealthState Health => _context.Health;

    internal SidecarContext Context => _context;

    internal InvokeApi Invoke => _invoke;

    /// <summary>Completes when <c>POST /v1.0/shutdown</c> asked for the stop; true: at once.</summary>
    public Task<bool> ShutdownRequested => _shutdownRequested.Task;

    /// <summary>Completes when the sidecar brings work to its app and is ready; fails when that cannot be reached.</summary>
    public Task Ready => _appPhase;

    /// <summary>Fails when the resource files have become such that the sidecar cannot go on.</summary>
    public Task Reloads => _reloads;

    /// <summary>Starts the sidecar up to <i>outbound ready</i>; what follows waits for the app and goes on by itself.</summary>
    /// <exception cref="SidecarStartException">What stops daprd from starting too: bad resources, a component that fails, a port that is taken.</exception>
    public static async Task<SidecarHost> StartAsync(
        SidecarOptions options, SidecarRuntime runtime, ILoggerFactory loggers, CancellationToken ct)
    {
        var log = loggers.CreateLogger("dapr.runtime");
        var watch = new ResourceWatch(options);
        LoadedResources resources;
        try
        {
            resources = ResourceLoader.Load(options, log);
        }
        catch (ResourceException e)
        {
            throw new SidecarStartException(e.Message, e);
        }

        var stopping = new CancellationTokenSource();
        var metrics = new SidecarMetrics(resources.Configuration.Metrics, options.AppId, options.Namespace);
        var context = new SidecarContext
        {
            Options = options,
            Clock = runtime.Clock,
            Loggers = loggers,
            Runtime = runtime,
            Resources = resources,
            Components = new ComponentRegistry(),
            Resiliency = new ResiliencyPolicies(resources.Resiliencies, runtime.Clock, loggers, metrics),
            Metrics = metrics,
            Tracing = new SidecarTracing(resources.Configuration.Tracing, options.AppId, loggers, options.Environment),
            Health = new HealthState { AppHealthy = !options.EnableAppHealthCheck },
            App = options.AppPort > 0
                ? new AppChannel(options, runtime.Interceptor?.ToApp(options.AppId, runtime.Dispatch.Handler) ?? runtime.Dispatch.Handler)
                : null,
            Stopping = stopping.Token,
        };

        log.LogInformation("metric spec: {Spec}", JsonSerializer.Serialize(MetricText(resources.Configuration.Metrics), JsonText.Options));
        log.LogInformation("Dapr trace sampler initialized: {Sampler}", context.Tracing.Sampler);
        if (string.IsNullOrEmpty(options.PlacementHostAddress))
        {
            log.LogInformation("Actor runtime disabled: no placement address is given");
        }

        if (string.IsNullOrEmpty(options.SchedulerHostAddress))
        {
            log.LogInformation("Scheduler disabled: no scheduler address is given");
        }

        var host = new SidecarHost(context, new SidecarServer(options, runtime.Dispatch, loggers), watch, stopping);
        try
        {
            await host.StartAsync(ct);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops gracefully: no new work for the app, then the API, within the graceful period.</summary>
    /// <returns>False when the period was over before everything had ended.</returns>
    public async Task<bool> StopAsync(CancellationToken ct)
    {
        if (_stopped)
        {
            return true;
        }

        _stopped = true;
        _log.LogInformation("Sidecar of {AppId} is stopping", AppId);
        var options = _context.Options;
        Health.SetStopping();
        if (options.BlockShutdown is { } block)
        {
            await Task.WhenAll(_blocks.Select(blockToPause => blockToPause.PauseAsync(ct)));
            await BlockAsync(block, ct);
        }

        await _stopping.CancelAsync();
        await _reloads.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var timer = _context.Clock.CreateTimer(_ => grace.Cancel(), null, options.GracefulShutdown, Timeout.InfiniteTimeSpan);
        foreach (var building in _blocks)
        {
            try
            {
                await building.StopAsync(grace.Token);
            }
            catch (OperationCanceledException) when (grace.IsCancellationRequested)
            {
                _log.LogWarning("{Block} did not finish within the graceful period", building.GetType().Name);
            }
        }

        // Only now: until here peers may still be answered, and have to show that they are peers.
        _context.Runtime.Names.Unregister(this);
        Health.SetOutboundClosed();
        await _server.StopAsync(grace.Token);
        return !grace.IsCancellationRequested;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        foreach (var component in _context.Components.All)
        {
            await component.Instance.DisposeAsync();
        }

        await _context.Tracing.DisposeAsync();
        _context.App?.Dispose();
        await _server.DisposeAsync();
        _stopping.Dispose();
    }

    private static Dictionary<string, object> MetricText(MetricsSpec spec) => new()
    {
        ["enabled"] = spec.Enabled,
        ["http"] = new Dictionary<string, object> { ["increasedCardinality"] = spec.IncreasedCardinality ?? true, ["pathMatching"] = spec.PathMatching },
    };

    private async Task StartAsync(CancellationToken ct)
    {
        await _loader.LoadAsync(ct);
        _context.App?.Use(transport => AppHttpPipeline.Of(_context, transport));
        await StartServersAsync(ct);
        _context.Runtime.Names.Register(this);
        Health.SetOutboundReady();
        if (HotReload.IsOn(_context))
        {
            _reloads = new HotReload(_context, _loader, _watch, _blocks).RunAsync(_stopping.Token);
        }

        _appPhase = _app is null ? StartWithoutAppAsync() : _app.RunAsync(_stopping.Token);
        _log.LogInformation("dapr initialized. Status: Running. App id {AppId}, HTTP port {Port}", AppId, HttpPort);
    }

    private Task StartWithoutAppAsync()
    {
        Health.SetReady();
        return Task.CompletedTask;
    }

    private async Task StartServersAsync(CancellationToken ct)
    {
        var options = _context.Options;
        var routes = new RouteTable { IsAllowed = ApiRules.For(_context.Configuration) };
        var publicRoutes = new RouteTable();
        foreach (var block in _blocks)
        {
            block.Map(routes);
            if (block is HealthApi or MetadataApi)
            {
                block.Map(publicRoutes);
            }
        }

        var pipeline = new ApiPipeline(_context, routes, _invoke.InvokeAsync, HttpPipeline.Of(_context));
        var handler = _context.Runtime.Interceptor?.Api(AppId, pipeline.HandleAsync) ?? pipeline.HandleAsync;
        HttpPort = await ListenAsync(new("HTTP", options.DaprListenAddresses, options.DaprHttpPort, true, handler), ct);
        InternalPort = await ListenAsync(
            new("internal", [options.DaprInternalListenAddress], options.DaprInternalPort, true, new InternalApi(_context, _invoke, _blocks, secret => _context.Runtime.Names.IsPeer(this, secret)).HandleAsync), ct);
        if (options.DaprPublicPort is { } publicPort)
        {
            var api = new PublicApi(publicRoutes);
            await ListenAsync(new("public", [options.DaprPublicListenAddress], publicPort, false, api.HandleAsync), ct);
        }

        if (options.EnableMetrics && _context.Configuration.Metrics.Enabled)
        {
            _context.Metrics.AddProcess();
            MetricsPort = await ListenAsync(
                new("metrics", [options.MetricsListenAddress], options.MetricsPort, false, _context.Metrics.WriteAsync), ct);
        }
    }

    private async Task<int> ListenAsync(SidecarPort port, CancellationToken ct)
    {
        try
        {
            return await _server.StartAsync(port, ct);
        }
        catch (IOException e)
        {
            throw new SidecarStartException($"failed to start {port.Name} server: port {port.Port} is in use ({e.Message})", e);
        }
    }

    /// <summary>Waits for the duration or until the app is unhealthy, whichever comes first.</summary>
    private async Task BlockAsync(TimeSpan block, CancellationToken ct)
    {
        var until = _context.Clock.GetUtcNow() + block;
        while (_context.Clock.GetUtcNow() < until && Health.AppHealthy)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _context.Clock, ct);
        }
    }
}

/// <summary>Why a sidecar cannot start, in one line.</summary>
public sealed class SidecarStartException(string message, Exception? inner = null) : Exception(message, inner);

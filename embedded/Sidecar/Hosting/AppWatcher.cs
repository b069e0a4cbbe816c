using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Waits for the app, asks for its configuration, starts what brings work to it, and pauses that while the app is unhealthy.</summary>
internal sealed class AppWatcher(SidecarContext context, IReadOnlyList<IBuildingBlock> blocks) : IAsyncDisposable
{
    private const int EagerDials = 100;
    private static readonly TimeSpan EagerInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan DialInterval = TimeSpan.FromMilliseconds(100);
    private readonly AppChannel _app = context.App!;
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.runtime");
    private readonly CancellationTokenSource _done = new();
    private Task _watch = Task.CompletedTask;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await WaitForPortAsync(stopping);
            if (context.Options.EnableAppHealthCheck)
            {
                // The rest waits for the first success; healthz does not wait longer than for the first probe.
                var firstProbe = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                var firstSuccess = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _watch = WatchHealthAsync(firstProbe, firstSuccess, _done.Token);
                if (!await firstProbe.Task.WaitAsync(stopping))
                {
                    context.Health.SetReady();
                }

                await firstSuccess.Task.WaitAsync(stopping);
            }

            await LoadConfigAsync(stopping);
            foreach (var block in blocks)
            {
                await block.StartAsync(stopping);
            }

            context.Health.SetReady();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _log.LogInformation("Stopped before the app was ready");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _watch;
        _done.Dispose();
    }

    /// <summary>Dials the app's port until something listens; a host of this process counts as soon as it is known.</summary>
    private async Task WaitForPortAsync(CancellationToken ct)
    {
        var logged = false;
        var dials = 0;
        while (!context.Runtime.Dispatch.Knows(context.Options.AppPort) && !await IsListeningAsync(ct))
        {
            if (!logged)
            {
                _log.LogInformation("Application protocol: {Protocol}. waiting for application to listen on port {Port}. This will block until the app is listening on that port.",
                    context.Options.AppProtocol, context.Options.AppPort);
                logged = true;
            }

            // The dial runs on real time: the app's start does not follow a test's clock. An app that starts at once is not kept waiting.
            await Task.Delay(++dials < EagerDials ? EagerInterval : DialInterval, TimeProvider.System, ct);
        }

        _log.LogInformation("Application discovered on port {Port}", context.Options.AppPort);
    }

    private async Task<bool> IsListeningAsync(CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(context.Options.AppChannelAddress, context.Options.AppPort, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task LoadConfigAsync(CancellationToken ct)
    {
        if (context.Options.DisableInitEndpoints.Contains("config"))
        {
            _log.LogInformation("Skipping programmatic dapr configuration loading");
            return;
        }

        try
        {
            using var request = _app.Request(HttpMethod.Get, "dapr/config");
            request.Headers.TryAddWithoutValidation("dapr-app-id", context.AppId);
            request.Content = AppChannel.EmptyJson();
            var started = Stopwatch.GetTimestamp();
            using var response = await _app.SendAsync(request, ct);
            context.Metrics.HttpClient("GET", "/dapr/config", (int)response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds, 0, 0);
            if (!response.IsSuccessStatusCode)
            {
                return;
            }

            var body = await response.Content.ReadAsByteArrayAsync(ct);
            context.AppConfig = JsonSerializer.Deserialize<JsonElement>(body);
            _log.LogInformation("Application configuration loaded");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            _log.LogWarning(e, "Application configuration could not be read");
        }
    }

    private async Task WatchHealthAsync(TaskCompletionSource<bool> firstProbe, TaskCompletionSource firstSuccess, CancellationToken ct)
    {
        var options = context.Options;
        var failures = 0;
        var started = false;
        try
        {
            while (true)
            {
                var healthy = await ProbeAsync(options, ct);
                firstProbe.TrySetResult(healthy);
                if (healthy)
                {
                    failures = 0;
                    if (!context.Health.AppHealthy)
                    {
                        context.Health.AppHealthy = true;
                        _log.LogInformation("App entered healthy status");
                        firstSuccess.TrySetResult();
                        if (started)
                        {
                            await Task.WhenAll(blocks.Select(block => block.ResumeAsync(ct)));
                        }

                        started = true;
                    }
                }
                else if (++failures >= options.AppHealthThreshold && context.Health.AppHealthy)
                {
                    context.Health.AppHealthy = false;
                    _log.LogWarning("App entered un-healthy status");
                    await Task.WhenAll(blocks.Select(block => block.PauseAsync(ct)));
                }

                await Task.Delay(options.AppHealthProbeInterval, context.Clock, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            firstProbe.TrySetCanceled(ct);
            firstSuccess.TrySetCanceled(ct);
        }
    }

    private async Task<bool> ProbeAsync(SidecarOptions options, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var status = 0;
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
            timeout.CancelAfter(options.AppHealthProbeTimeout);
            using var request = _app.Request(HttpMethod.Get, options.AppHealthCheckPath);
            using var response = await _app.ProbeAsync(request, timeout.Token);
            status = (int)response.StatusCode;
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
        finally
        {
            context.Metrics.HealthProbe(status, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }
}

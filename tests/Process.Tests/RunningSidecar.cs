using System.Globalization;
using System.Net;
using DaprMesh.Programs;

namespace DaprMesh.Processes.Tests;

/// <summary>
/// The sidecar's executable, started and started again with the same flags. Sidecars of one folder find each other, share
/// their scheduler and placement, and meet no other sidecar of this machine.
/// </summary>
internal sealed class RunningSidecar : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string[] _flags;
    private readonly Action<string>? _onLine;
    private SidecarProcess? _process;

    private RunningSidecar(string folder, string appId, int port, string[] flags, Action<string>? onLine)
    {
        _folder = folder;
        _onLine = onLine;
        Port = port;
        _flags =
        [
            "--app-id", appId, "--dapr-http-port", port.ToString(CultureInfo.InvariantCulture), "--dapr-internal-grpc-port", "0",
            "--dapr-listen-addresses", "127.0.0.1", "--enable-metrics=false", "--resources-path", Path.Combine(folder, "resources"),
            "--placement-host-address", "placement:1", "--scheduler-host-address", "scheduler:1", .. flags,
        ];
        Api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public int Port { get; }

    public HttpClient Api { get; }

    /// <summary>The process that runs now, or ran last.</summary>
    public SidecarProcess Process => _process ?? throw new InvalidOperationException("The sidecar was never started.");

    /// <summary>A sidecar on a free port, not started yet.</summary>
    public static RunningSidecar Of(string folder, string appId, string[] flags, Action<string>? onLine = null) =>
        new(folder, appId, new PortPool().Take(), flags, onLine);

    /// <summary>Starts the process and leaves it to itself.</summary>
    public async Task LaunchAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        var registry = Directory.CreateDirectory(Path.Combine(_folder, "registry")).FullName;
        _process = SidecarProcess.Start(
            _folder,
            _flags,
            new Dictionary<string, string>
            {
                ["DAPRMESH_REGISTRY"] = registry,
                ["DOTNET_EnableDiagnostics"] = "0", // a killed process leaves its diagnostic sockets behind
            },
            _onLine);
    }

    /// <summary>Starts the process and waits until it and its app are ready.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await LaunchAsync();
        await Eventually.HoldsAsync(
            async () => Process.ExitCode is not null || await IsHealthyAsync(ct), TimeSpan.FromSeconds(30), Said, ct);
        Assert.True(Process.ExitCode is null, Said());
    }

    public Task KillAsync(CancellationToken ct) => Process.KillAsync(ct);

    /// <summary>The end of the log.</summary>
    public string Said() => string.Join('\n', Process.Log);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private async Task<bool> IsHealthyAsync(CancellationToken ct)
    {
        try
        {
            using var answer = await Api.GetAsync("v1.0/healthz", ct);
            return answer.StatusCode == HttpStatusCode.NoContent;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}

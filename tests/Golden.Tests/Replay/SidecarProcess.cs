using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>The sidecar's executable as a child process.</summary>
internal sealed class SidecarProcess : ISidecar
{
    private const int KeptLines = 400;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    public SidecarProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public IReadOnlyList<string> Log => [.. _log];

    public async Task WaitForExitAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(atMost);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Still running: the exit code says so.
        }
    }

    public async Task TerminateAsync(CancellationToken ct)
    {
        var pid = _process.Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {pid}"]);
        await kill.WaitForExitAsync(ct);
    }

    public async Task KillAsync(CancellationToken ct)
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _log.Enqueue(line);
        if (_log.Count > KeptLines)
            _log.TryDequeue(out _);
    }
}

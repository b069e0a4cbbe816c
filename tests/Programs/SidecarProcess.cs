using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace DaprMesh.Programs;

/// <summary>
/// The sidecar's executable as a child process. The variable DAPRMESH_SIDECAR may name another program in place of the one that
/// was built beside these tests.
/// </summary>
internal sealed class SidecarProcess : ISidecar
{
    private const int KeptLines = 400;

    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private readonly Action<string>? _onLine;

    private SidecarProcess(ProcessStartInfo start, Action<string>? onLine)
    {
        _onLine = onLine;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>Starts it with these flags, and of this process's environment only with what .NET needs.</summary>
    /// <param name="onLine">Hears every line of the log; <see cref="Log"/> keeps the last ones.</param>
    public static SidecarProcess Start(
        string folder, IEnumerable<string> flags, IReadOnlyDictionary<string, string> environment, Action<string>? onLine = null)
    {
        var program = Environment.GetEnvironmentVariable("DAPRMESH_SIDECAR") ?? BuiltBeside();
        var start = program.EndsWith(".dll", StringComparison.Ordinal)
            ? new ProcessStartInfo("dotnet", [program])
            : new ProcessStartInfo(program);
        foreach (var flag in flags)
            start.ArgumentList.Add(flag);

        start.WorkingDirectory = folder;
        start.Environment.Clear();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (Inherited.Contains(name) || name.StartsWith("DOTNET_", StringComparison.Ordinal))
                start.Environment[name] = (string?)variable.Value;
        }

        start.Environment["DAPR_HOST_IP"] = "127.0.0.1";
        start.Environment["TZ"] = "UTC";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new SidecarProcess(start, onLine);
    }

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
        _onLine?.Invoke(line);
        _log.Enqueue(line);
        if (_log.Count > KeptLines)
            _log.TryDequeue(out _);
    }

    private static string BuiltBeside()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(output.Parent!.Parent!.FullName, "DaprMesh.Sidecar", output.Name, "DaprMesh.Sidecar");
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DaprMesh.Launcher;

/// <summary>A process whose output goes to the mesh's log, and which does not outlive the launcher's wish.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int Terminate = 15;
    private readonly Process _process;

    private ChildProcess(Process process)
    {
        _process = process;
        Ended = process.WaitForExitAsync(CancellationToken.None);
    }

    public Task Ended { get; }

    public int ExitCode => _process.ExitCode;

    /// <exception cref="MeshException">The program cannot be started.</exception>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, Action<string> line)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process = new Process { StartInfo = start };
            void Write(object sender, DataReceivedEventArgs e)
            {
                if (e.Data is not null)
                {
                    line(e.Data);
                }
            }

            process.OutputDataReceived += Write;
            process.ErrorDataReceived += Write;
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return new ChildProcess(process);
        }
        catch (Win32Exception e)
        {
            throw new MeshException($"{program} in {folder} cannot be started: {e.Message}", e);
        }
    }

    /// <summary>Asks it to stop, and ends it when <paramref name="ct"/> says that it took too long.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (_process.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = Kill(_process.Id, Terminate);
        }

        try
        {
            await Ended.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}

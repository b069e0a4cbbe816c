using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using DaprMesh.Testing;

namespace DaprMesh.Launcher.Tests;

/// <summary>The launcher as a person starts it: the built program, in a process of its own.</summary>
internal sealed partial class MeshProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private MeshProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static MeshProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DaprMesh.Mesh.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment = { ["Auth__PasswordIterations"] = "1000", ["Auth__RegistrationsPerHour"] = "100000" }, // what hashes cost and limits forbid is tested elsewhere
        };
        return new MeshProcess(new Process { StartInfo = start });
    }

    /// <summary>Waits until it says how to stop it, which is when all services are ready.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(
        () => _process.HasExited ? throw new InvalidOperationException($"The mesh ended:\n{Errors}\n{Output}") : Output.Contains("Ctrl-C stops", StringComparison.Ordinal), Ct);

    /// <summary>The administrator's password, which a first start shows.</summary>
    public async Task<string> PasswordAsync()
    {
        const string Before = "the password is ";
        await Eventually.TrueAsync(() => Output.Contains(Before, StringComparison.Ordinal), Ct);
        return Output.Split(Before)[1].Split(' ')[0];
    }

    /// <summary>Waits for its end and returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(Ct);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop as Ctrl-C and a service manager do, and returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Assert.Equal(0, Kill(_process.Id, Terminate));
        return await EndAsync();
    }

    /// <summary>Kills the process of this mesh that listens on a port, as a crash would.</summary>
    public void KillListenerOf(int port)
    {
        var address = $"http://127.0.0.1:{port}";
        foreach (var child in Process.GetProcessesByName("dotnet"))
        {
            using (child)
            {
                var environment = $"/proc/{child.Id}/environ";
                if (IsMine(child.Id) && File.ReadAllText(environment).Split('\0').Contains("ASPNETCORE_URLS=" + address))
                {
                    child.Kill();
                    return;
                }
            }
        }

        throw new InvalidOperationException($"No process of this mesh listens on {port}.");
    }

    private bool IsMine(int id)
    {
        try
        {
            // The fourth word is the parent; the second, in brackets, is the program's name.
            return File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == $"{_process.Id}";
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

using System.Collections;
using System.Runtime.InteropServices;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

// A connection that is cut off ends, as with daprd; the default would reset it.
AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.FinOnError", true);

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
SidecarOptions options;
try
{
    options = CommandLine.Parse(args, environment);
}
catch (CommandLineException exit)
{
    return exit.Write(Console.Out, Console.Error);
}
catch (SidecarStartException e)
{
    using var plain = DaprLog.Create(new SidecarOptions { AppId = "" }, Console.Out);
    plain.CreateLogger("dapr.runtime").LogCritical("Fatal error from runtime: {Reason}", e.Message);
    return 1;
}

using var loggers = DaprLog.Create(options, Console.Out);
var log = loggers.CreateLogger("dapr.runtime");
CommandLine.LogIgnored(args, log);
await using var runtime = new SidecarRuntime(TimeProvider.System, RegistryFolder.OfUser());

using var interrupted = new CancellationTokenSource();
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var @int = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);

var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
{
    signal.Cancel = true;
    Volatile.Read(ref again).TrySetResult();
});

try
{
    int? exitCode;
    while ((exitCode = await RunAsync()) is null)
    {
        log.LogInformation("SIGHUP: starting again with the files as they are now");
    }

    return exitCode.Value;
}
catch (SidecarStartException e)
{
    log.LogCritical("Fatal error from runtime: {Reason}", e.Message);
    return 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 0;
}

// One sidecar until it ends, and the exit code then; null: it is to start again.
async Task<int?> RunAsync()
{
    var reload = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    Volatile.Write(ref again, reload);
    await using var sidecar = await SidecarHost.StartAsync(options, runtime, loggers, interrupted.Token);
    using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted.Token);
    var signalled = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
    var ended = await Task.WhenAny(sidecar.ShutdownRequested, signalled, reload.Task, FailureOf(sidecar.Ready), FailureOf(sidecar.Reloads));
    if (ended == sidecar.ShutdownRequested)
    {
        log.LogInformation("Shutdown requested via API");
        if (await sidecar.ShutdownRequested)
        {
            log.LogWarning("Force shutdown requested, exiting immediately without graceful shutdown");
            return 1;
        }
    }

    if (ended != sidecar.ShutdownRequested && ended != signalled && ended != reload.Task)
    {
        await ended;
    }

    var inTime = await sidecar.StopAsync(CancellationToken.None);
    if (ended == reload.Task)
    {
        return null;
    }

    if (!inTime)
    {
        log.LogCritical("Graceful shutdown timeout exceeded, forcing shutdown");
        return 1;
    }

    log.LogInformation("Daprd shutdown gracefully");
    return 0;
}

// Completes only when the task fails: a sidecar that became ready goes on.
static async Task FailureOf(Task ready)
{
    await ready;
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
}

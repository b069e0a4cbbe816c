using System.Diagnostics;
using System.Runtime.InteropServices;
using DaprMesh.Launcher;

var began = Stopwatch.GetTimestamp() - (long)((TimeProvider.System.GetLocalNow() - Process.GetCurrentProcess().StartTime).TotalSeconds * Stopwatch.Frequency);
MeshOptions options;
try
{
    options = MeshOptions.Parse(args);
}
catch (MeshException e)
{
    await Console.Error.WriteLineAsync("mesh: " + e.Message);
    return 2;
}

if (options.Help)
{
    Console.WriteLine(MeshOptions.Usage);
    return 0;
}

// Watching settings files costs a wake-up for every write beside them; a mesh is restarted instead.
Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
var colour = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
var log = new MeshLog(Console.Out, options.LogJson, colour);
Console.SetOut(new AppOutput(log));
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    await using var launcher = await Launcher.StartAsync(options, log, began, stop.Token);
    log.Say("");
    log.Say(ServiceTable.Of(launcher.Apps));
    log.ShowNotices();
    log.Say("  Ctrl-C stops the mesh.");
    log.Say("");
    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true); // a start leaves much behind that an idle mesh need not hold
    var ended = launcher.FirstEndAsync(stop.Token);
    try
    {
        var who = await ended;
        await Console.Error.WriteLineAsync($"mesh: {who} ended; stopping the others.");
        await launcher.StopAsync();
        return 1;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        log.Say("  stopping …");
        await launcher.StopAsync();
        return 0;
    }
}
catch (MeshException e)
{
    await Console.Error.WriteLineAsync("mesh: " + e.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
finally
{
    log.ShowNotices(); // also after a start that failed: a password that is shown once must not be lost
}

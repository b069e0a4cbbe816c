using DaprMesh.Benchmarks;
using DaprMesh.Benchmarks.Calibration;
using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Measures;
using DaprMesh.Benchmarks.Mesh;
using DaprMesh.Sidecar.Sqlite;
using Microsoft.Extensions.Configuration;

if (args is [LoadGenerator.Argument, var plan])
{
    return LoadGenerator.Run(plan);
}

// The program is also the apps that it measures through: the runtime calls this entry point for each of them.
if (new ConfigurationBuilder().AddCommandLine(args).Build()[BenchApps.Role] is { } role)
{
    BenchApps.Run(role, args);
    return 0;
}

var only = args.Where(arg => !arg.StartsWith('-')).ToList();
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

// Beside the program, because a folder for temporary files is often kept in memory.
var folder = Path.Combine(AppContext.BaseDirectory, "data", Guid.NewGuid().ToString("N"));
Directory.CreateDirectory(folder);
try
{
    Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {SqliteLibrary.Use()}, data in {folder}");
    Report.Title("Ceilings of this machine, now");
    var ceilings = await Ceilings.MeasureAsync(folder, stop.Token);
    Report.Print(ceilings.Figures());
    Report.Title("Figures: share of the ceiling, what is wanted, and what it is on this machine");
    foreach (var (name, measure) in new (string, Func<string, Task<IReadOnlyList<Figure>>>)[]
             {
                 ("state", data => StateSave.MeasureAsync(data, ceilings, stop.Token)),
                 ("statestore", data => Documents.MeasureAsync(data, stop.Token)),
                 ("publish", data => Publish.MeasureAsync(data, ceilings, stop.Token)),
                 ("actors", data => ActorCalls.MeasureAsync(data, ceilings, stop.Token)),
                 ("invoke", data => Invocation.MeasureAsync(data, stop.Token)),
                 ("gateway", _ => GatewayRequests.MeasureAsync(stop.Token)),
                 ("commit", data => GroupCommit.MeasureAsync(data, ceilings, stop.Token)),
                 ("auth", data => Identity.MeasureAsync(data, ceilings, stop.Token)),
                 ("start", data => MeshStart.MeasureAsync(data, stop.Token)),
             })
    {
        if (only.Count == 0 || only.Contains(name))
        {
            Report.Print(await measure(Directory.CreateDirectory(Path.Combine(folder, name)).FullName));
        }
    }

    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

using System.Collections;
using System.Diagnostics;
using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>
/// Starts the sidecar under test with the recorded flags, files and environment, and nothing else. The variable
/// DAPRMESH_SIDECAR may name another program in place of the one that was built beside these tests.
/// </summary>
internal sealed class SidecarExecutable : ISidecarLauncher
{
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR"];
    private static readonly string Program = Environment.GetEnvironmentVariable("DAPRMESH_SIDECAR") ?? BuiltBeside();

    public async Task<ISidecar> StartAsync(
        RecordedSidecar sidecar, string folder, Placeholders placeholders, CancellationToken ct)
    {
        await WriteFilesAsync(sidecar, folder, placeholders, ct);

        var start = Program.EndsWith(".dll", StringComparison.Ordinal)
            ? new ProcessStartInfo("dotnet", [Program])
            : new ProcessStartInfo(Program);
        foreach (var flag in sidecar.AllFlags)
            start.ArgumentList.Add(placeholders.Expand(flag));

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
        foreach (var (name, value) in sidecar.Env)
            start.Environment[name] = placeholders.Expand(value);

        return new SidecarProcess(start);
    }

    private static async Task WriteFilesAsync(
        RecordedSidecar sidecar, string folder, Placeholders placeholders, CancellationToken ct)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "name-resolution.yaml"), $"""
            apiVersion: dapr.io/v1alpha1
            kind: Configuration
            metadata:
              name: name-resolution
            spec:
              nameResolution:
                component: sqlite
                version: v1
                configuration:
                  connectionString: {Path.Combine(folder, "names.db")}

            """, ct);

        var own = Path.Combine(folder, sidecar.Name);
        var resources = Path.Combine(own, "resources");
        Directory.CreateDirectory(resources);
        for (var at = 0; at < sidecar.Resources.Count; at++)
        {
            // daprd reads no folders below this one, and reads the files in the order of their names.
            var file = sidecar.Resources[at].File.Replace('/', '-');
            await File.WriteAllTextAsync(
                Path.Combine(resources, $"{at}-{file}"), placeholders.Expand(sidecar.Resources[at].Text), ct);
        }

        if (sidecar.Config is not null)
            await File.WriteAllTextAsync(Path.Combine(own, "config.yaml"), placeholders.Expand(sidecar.Config), ct);
    }

    private static string BuiltBeside()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(output.Parent!.Parent!.FullName, "DaprMesh.Sidecar", output.Name, "DaprMesh.Sidecar");
    }
}

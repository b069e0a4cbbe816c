using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Programs;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Starts the sidecar under test with the recorded flags, files and environment, and nothing else.</summary>
internal sealed class SidecarExecutable : ISidecarLauncher
{
    public async Task<ISidecar> StartAsync(
        RecordedSidecar sidecar, string folder, Placeholders placeholders, CancellationToken ct)
    {
        await WriteFilesAsync(sidecar, folder, placeholders, ct);

        return SidecarProcess.Start(
            folder,
            sidecar.AllFlags.Select(placeholders.Expand),
            sidecar.Env.ToDictionary(variable => variable.Key, variable => placeholders.Expand(variable.Value), StringComparer.Ordinal));
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
}

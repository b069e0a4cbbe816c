using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Programs;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Starts the sidecars of a replay; the folder is where the scenario's files lie.</summary>
internal interface ISidecarLauncher
{
    Task<ISidecar> StartAsync(RecordedSidecar sidecar, string folder, Placeholders placeholders, CancellationToken ct);
}

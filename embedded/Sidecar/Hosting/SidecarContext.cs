namespace DaprMesh.Sidecar.Hosting;

/// <summary>What a building block and a component get from the sidecar they live in.</summary>
public sealed class SidecarContext
{
    public required SidecarOptions Options { get; init; }
}

namespace DaprMesh.Sidecar.Hosting;

internal static class SidecarVersion
{
    /// <summary>The daprd version whose wire contract the sidecar keeps.</summary>
    public const string DaprVersion = "1.18.3";
}

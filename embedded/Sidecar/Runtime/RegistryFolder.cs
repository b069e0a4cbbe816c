namespace DaprMesh.Sidecar.Runtime;

/// <summary>The folder in which the sidecars of one user on this machine meet.</summary>
public static class RegistryFolder
{
    /// <summary>
    /// The folder named by <c>DAPRMESH_REGISTRY</c>, else <c>daprmesh-USER</c> under the temporary folder; only the user may enter it.
    /// Nothing else of the environment counts: sidecars that are started with different ones have to meet all the same.
    /// </summary>
    public static string OfUser()
    {
        if (Environment.GetEnvironmentVariable("DAPRMESH_REGISTRY") is { Length: > 0 } named)
        {
            Directory.CreateDirectory(named);
            return named;
        }

        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "daprmesh-" + Environment.UserName)).FullName;
        }

        return Directory.CreateDirectory(
            "/tmp/daprmesh-" + Environment.UserName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }
}

namespace DaprMesh.Sidecar.Runtime;

/// <summary>The folder in which the sidecars of one user on this machine meet.</summary>
public static class RegistryFolder
{
    /// <summary>The folder named by <c>DAPRMESH_REGISTRY</c>, else <c>$XDG_RUNTIME_DIR/daprmesh</c>, else <c>daprmesh-USER</c> under the temporary folder; only the user may enter it.</summary>
    public static string OfUser()
    {
        if (Environment.GetEnvironmentVariable("DAPRMESH_REGISTRY") is { Length: > 0 } named)
        {
            Directory.CreateDirectory(named);
            return named;
        }

        var folder = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime)
            ? Path.Combine(runtime, "daprmesh")
            : Path.Combine(Path.GetTempPath(), "daprmesh-" + Environment.UserName);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}

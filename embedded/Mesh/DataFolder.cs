namespace DaprMesh.Launcher;

/// <summary>The folder with the mesh's databases, held by one mesh at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Opens the folder, making it when it is not there.</summary>
    /// <exception cref="MeshException">Another mesh holds it, or it cannot be written.</exception>
    public static DataFolder Open(string path, bool fresh)
    {
        try
        {
            Directory.CreateDirectory(path);
            var held = Hold(path);
            if (fresh)
            {
                Empty(path);
            }

            return new DataFolder(path, held);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new MeshException($"the data folder {path} cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string path)
    {
        var file = System.IO.Path.Combine(path, "mesh.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new MeshException($"another mesh runs on the data folder {path}; stop it, or choose another folder with --data.", e);
        }
    }

    private static void Empty(string path)
    {
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else if (entry.Name != "mesh.lock")
            {
                entry.Delete();
            }
        }
    }
}

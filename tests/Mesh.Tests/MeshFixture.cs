using System.Net;
using System.Net.Sockets;

namespace DaprMesh.Launcher.Tests;

/// <summary>A data folder, an offset under which the ports of the run file are free, and the run file of the repository.</summary>
public sealed class MeshFixture : IDisposable
{
    private static readonly int[] Ports = [8080, 3580, 5000, 3581, 8003, 3582, 8000, 3500];

    public MeshFixture()
    {
        Folder = Path.Combine(Path.GetTempPath(), $"mesh-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Folder);
        Offset = Enumerable.Range(0, 100).Select(_ => Random.Shared.Next(2000, 24000)).First(offset => Array.TrueForAll(Ports, port => IsFree(port + offset)));
    }

    public string Folder { get; }

    public string Data => Path.Combine(Folder, "data");

    public int Offset { get; }

    public string RunFile => Path.Combine(Root(), "dapr.yaml");

    /// <summary>The arguments of a mesh of its own, and more.</summary>
    public string[] Arguments(params string[] more) => ["--run-file", RunFile, "--data", Data, "--port-offset", $"{Offset}", .. more];

    public Uri Gateway(string path) => new($"http://127.0.0.1:{8080 + Offset}{path}");

    public Uri Catalog(string path) => new($"http://127.0.0.1:{8000 + Offset}{path}");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DaprMesh.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("DaprMesh.sln is in no folder above the tests.");
    }
}

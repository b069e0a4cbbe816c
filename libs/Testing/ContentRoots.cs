using System.Reflection;

namespace DaprMesh.Testing;

/// <summary>Finds the project folder of an assembly, which holds its settings, in the repository that the tests were built in.</summary>
internal static class ContentRoots
{
    private static readonly string[] RootMarks = ["*.sln", "*.slnx", ".git"];
    private static readonly HashSet<string> Skipped = new(["bin", "obj", "artifacts", "node_modules"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder of <c>Name.csproj</c>; the folder of the assembly itself when there is none.</summary>
    public static string Of(Assembly program)
    {
        var project = program.GetName().Name + ".csproj";
        return Root(AppContext.BaseDirectory) is { } root && Find(root, project) is { } folder ? folder : AppContext.BaseDirectory;
    }

    private static string? Root(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (RootMarks.Any(mark => folder.EnumerateFileSystemInfos(mark).Any()))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    /// <summary>Breadth first: a project lies near the root, what is generated lies deep.</summary>
    private static string? Find(string root, string project)
    {
        var left = new Queue<string>([root]);
        while (left.TryDequeue(out var folder))
        {
            if (File.Exists(Path.Combine(folder, project)))
            {
                return folder;
            }

            foreach (var inner in Directory.EnumerateDirectories(folder))
            {
                var name = Path.GetFileName(inner);
                if (!name.StartsWith('.') && !Skipped.Contains(name))
                {
                    left.Enqueue(inner);
                }
            }
        }

        return null;
    }
}

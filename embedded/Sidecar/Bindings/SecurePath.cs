namespace DaprMesh.Sidecar.Bindings;

/// <summary>File names from outside, kept below a folder whatever they contain: <c>..</c>, absolute paths, symbolic links.</summary>
internal static class SecurePath
{
    private const int MaxLinks = 255;

    /// <summary>The path of <paramref name="name"/> as if <paramref name="root"/> were the root of the file system.</summary>
    /// <exception cref="BindingException">Its links go round in circles.</exception>
    public static string Join(string root, string name)
    {
        var open = new Stack<string>(Parts(name).Reverse());
        var done = new List<string>();
        var links = 0;
        while (open.TryPop(out var part))
        {
            if (part == "..")
            {
                done.RemoveRange(Math.Max(0, done.Count - 1), Math.Min(1, done.Count));
                continue;
            }

            done.Add(part);
            if (new FileInfo(Path.Join([root, .. done])).LinkTarget is not { } target)
            {
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new BindingException($"error getting absolute path for file {name}: too many levels of symbolic links");
            }

            done.RemoveAt(done.Count - 1);
            if (Path.IsPathRooted(target))
            {
                done.Clear();
            }

            foreach (var linked in Parts(target).Reverse())
            {
                open.Push(linked);
            }
        }

        return Path.Join([root, .. done]);
    }

    /// <summary>The path with the links in it followed, as far as it exists.</summary>
    public static string Resolve(string path)
    {
        var existing = path;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        var resolved = "/";
        foreach (var part in Parts(existing))
        {
            resolved = Path.Join(resolved, part);
            resolved = new DirectoryInfo(resolved).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? resolved;
        }

        return path.Length > existing.Length ? Path.Join(resolved, path[existing.Length..].TrimStart('/')) : resolved;
    }

    private static string[] Parts(string path) =>
        [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".")];
}

using System.Buffers;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub.Json;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Bindings;

/// <summary><c>bindings.localstorage</c>: files below one folder.</summary>
internal sealed class LocalStorageBinding(Component component, SidecarContext context) : IOutputBinding
{
    private static readonly string[] Disallowed = ["/proc", "/sys", "/boot", "/var/run/secrets", "/run/secrets"];

    private string _root = "";

    public IReadOnlyList<string> Capabilities { get; } = ["OUTPUT_BINDING"];

    public IReadOnlyList<string> Operations { get; } = ["create", "get", "list", "delete"];

    public Task InitAsync(CancellationToken ct)
    {
        if (component.Find("rootPath") is not { Length: > 0 } path)
        {
            throw new ArgumentException("failed to parse metadata: property rootPath must not be empty");
        }

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, context.Options.WorkingDirectory ?? Environment.CurrentDirectory));
        if (File.Exists(root))
        {
            throw new ArgumentException("failed to parse metadata: property rootPath represents a file and not a directory");
        }

        root = SecurePath.Resolve(root);
        if (Disallowed.Any(place => root == place || root.StartsWith(place + "/", StringComparison.Ordinal)))
        {
            throw new ArgumentException("failed to parse metadata: property rootPath points to a disallowed location");
        }

        Directory.CreateDirectory(root);
        _root = root;
        return Task.CompletedTask;
    }

    public async ValueTask<BindingAnswer?> InvokeAsync(BindingRequest request, CancellationToken ct)
    {
        request.Metadata.TryGetValue("fileName", out var name);
        var path = SecurePath.Join(_root, string.IsNullOrEmpty(name) && request.Operation == "create" ? Guid.NewGuid().ToString() : name ?? "");
        return request.Operation switch
        {
            "create" => await CreateAsync(path, request, ct),
            "get" => await GetAsync(path, ct),
            "list" => List(path),
            _ => Delete(path),
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<BindingAnswer> CreateAsync(string path, BindingRequest request, CancellationToken ct)
    {
        var data = request.Unquoted();
        var decoded = new byte[data.Length];
        if (data.Length % 4 == 0 && System.Buffers.Text.Base64.DecodeFromUtf8(data.Span, decoded, out _, out var length) == OperationStatus.Done)
        {
            data = decoded.AsMemory(0, length);
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!); // below the root, so it has a folder
            await File.WriteAllBytesAsync(path, data, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BindingException($"error creating file {path}: {Reason(path, e)}");
        }

        var answer = new ArrayBufferWriter<byte>();
        answer.Write("{\"fileName\":"u8);
        GoJson.Write(answer, Path.GetRelativePath(_root, path));
        answer.Write("}"u8);
        return new BindingAnswer(answer.WrittenMemory);
    }

    private static async ValueTask<BindingAnswer> GetAsync(string path, CancellationToken ct)
    {
        if (Directory.Exists(path))
        {
            throw new BindingException($"error reading file {path}: read {path}: is a directory");
        }

        try
        {
            return new BindingAnswer(await File.ReadAllBytesAsync(path, ct));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BindingException($"file not found: {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BindingException($"error opening path {path}: open {path}: {Reason(path, e)}");
        }
    }

    private static BindingAnswer List(string path)
    {
        if (File.Exists(path))
        {
            throw new BindingException($"unable to list files as the file specified is not a directory: {path}");
        }

        if (!Directory.Exists(path))
        {
            throw new BindingException($"error getting stats for path {path}: stat {path}: no such file or directory");
        }

        var files = new List<string>();
        Walk(path, files);
        if (files.Count == 0)
        {
            return new BindingAnswer("null"u8.ToArray());
        }

        var answer = new ArrayBufferWriter<byte>();
        var separator = "["u8;
        foreach (var file in files)
        {
            answer.Write(separator);
            separator = ","u8;
            GoJson.Write(answer, file);
        }

        answer.Write("]"u8);
        return new BindingAnswer(answer.WrittenMemory);
    }

    /// <summary>Entries by name, a folder's own at its place; links are listed, not followed.</summary>
    private static void Walk(string folder, List<string> files)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is DirectoryInfo && entry.LinkTarget is null)
            {
                Walk(entry.FullName, files);
            }
            else
            {
                files.Add(entry.FullName);
            }
        }
    }

    private static BindingAnswer? Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
                return null;
            }

            if (!File.Exists(path))
            {
                throw new BindingException($"error deleting file {path}: remove {path}: no such file or directory");
            }

            File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BindingException($"error deleting file {path}: remove {path}: {Reason(path, e)}");
        }
    }

    private static string Reason(string path, Exception e) => e switch
    {
        UnauthorizedAccessException => Directory.Exists(path) ? "is a directory" : "permission denied",
        IOException when Directory.Exists(path) => "directory not empty",
        _ => e.Message,
    };
}

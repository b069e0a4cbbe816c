using System.Collections.Concurrent;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Tests.Resources;

/// <summary>A folder of resource files that lives as long as the test, and what loading it logs.</summary>
public sealed class ResourceFolder : IDisposable, ILogger
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("daprmesh-resources-");
    private readonly ConcurrentQueue<string> _log = new();

    public string Path => _folder.FullName;

    public IEnumerable<string> Logged => _log;

    public string Add(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        File.WriteAllText(path, text);
        return path;
    }

    public LoadedResources Load(
        string appId = "checkout", string @namespace = "", IReadOnlyDictionary<string, string>? environment = null, params string[] configs) =>
        ResourceLoader.Load(Options(appId, @namespace, environment) with { ResourcesPaths = [Path], ConfigFiles = configs }, this);

    public static SidecarOptions Options(string appId = "checkout", string @namespace = "", IReadOnlyDictionary<string, string>? environment = null) =>
        new() { AppId = appId, Namespace = @namespace, Environment = environment ?? new Dictionary<string, string>() };

    public void Dispose() => _folder.Delete(recursive: true);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue($"{logLevel}: {formatter(state, exception)}");

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
}

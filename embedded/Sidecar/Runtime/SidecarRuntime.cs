using System.Collections.Concurrent;
using DaprMesh.Sidecar.InProcess;
using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>
/// What the sidecars of one process share: SQLite files, in-memory stores and brokers, and the way to in-process hosts. A test has one of its own.
/// </summary>
public sealed class SidecarRuntime : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<object>> _shared = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<SqliteFile>> _files = new(StringComparer.Ordinal);

    /// <param name="registryFolder">See <see cref="RegistryFolder"/>.</param>
    public SidecarRuntime(TimeProvider clock, string? registryFolder)
    {
        Clock = clock;
        RegistryFolder = registryFolder;
        Names = new NameTable(this);
    }

    public TimeProvider Clock { get; }

    /// <summary>
    /// Folder in which the sidecars of one user on this machine meet (names, actor placement, jobs); null: this process keeps to itself.
    /// </summary>
    public string? RegistryFolder { get; }

    /// <summary>Null: nothing stands between the sidecars and what they use.</summary>
    public ISidecarInterceptor? Interceptor { get; init; }

    /// <summary>In-process hosts by port; requests to them skip the socket.</summary>
    public DispatchTable Dispatch { get; } = new();

    /// <summary>Which sidecar serves which app id.</summary>
    public NameTable Names { get; }

    /// <summary>The one object of that key in this process, made by the first who asks. Disposed with the runtime.</summary>
    public T Shared<T>(string key, Func<T> create) where T : class =>
        (T)_shared.GetOrAdd(key, _ => new Lazy<object>(create)).Value;

    /// <summary>The file's one writer in this process. It stays open until the runtime is disposed.</summary>
    /// <param name="wal">What <see cref="SqliteFile.Open"/> says; who opens the file first decides.</param>
    public SqliteFile File(string path, bool wal = true)
    {
        var full = Path.GetFullPath(path);
        var opened = _files.GetOrAdd(full, _ => new Lazy<SqliteFile>(() => SqliteFile.Open(full, wal)));
        try
        {
            return opened.Value;
        }
        catch
        {
            _files.TryRemove(KeyValuePair.Create(full, opened)); // the next to ask may find the file mended
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var shared in _shared.Values.Where(entry => entry.IsValueCreated))
        {
            if (shared.Value is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }

        await Names.DisposeAsync();
        foreach (var file in _files.Values.Where(entry => entry.IsValueCreated))
        {
            await file.Value.DisposeAsync();
        }

        Dispatch.Dispose();
    }
}

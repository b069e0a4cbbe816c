using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>A sidecar that serves an app id: in this process, or behind its internal port.</summary>
/// <param name="Local">Null: another process.</param>
/// <param name="Secret">What the sidecar's internal port asks for.</param>
internal sealed record Peer(string AppId, string Namespace, string Address, string Secret, SidecarHost? Local);

/// <summary>
/// Which sidecars serve which app id. Sidecars of one process know each other; those of one user meet in a SQLite file: the one their
/// <c>nameResolution</c> names (component sqlite), else one in the registry folder. A row that is not renewed for five seconds counts as gone.
/// </summary>
public sealed class NameTable : IAsyncDisposable
{
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private readonly SidecarRuntime _runtime;
    private readonly ConcurrentDictionary<SidecarHost, Entry> _local = new();
    private volatile Entry[] _entries = []; // what _local holds, for readers: looking up a name is part of every invocation
    private readonly ConcurrentDictionary<string, StrongBox<int>> _turns = new(StringComparer.Ordinal);

    internal NameTable(SidecarRuntime runtime) => _runtime = runtime;

    public void Register(SidecarHost host)
    {
        var context = host.Context;
        var secret = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        var address = $"127.0.0.1:{host.InternalPort}";
        var peer = new Peer(context.AppId, context.Namespace, address, secret, host);
        var file = FileOf(context);
        var entry = new Entry(peer, file, Guid.NewGuid().ToString("N"));
        _local[host] = entry;
        Publish();
        if (file is null)
        {
            return;
        }

        file.WriteAsync(session => session.Execute(
            """
            CREATE TABLE IF NOT EXISTS sidecars (registration_id TEXT PRIMARY KEY, address TEXT NOT NULL, app_id TEXT NOT NULL,
                namespace TEXT NOT NULL, secret TEXT NOT NULL, last_update INTEGER NOT NULL)
            """)).GetAwaiter().GetResult();
        Renew(entry).GetAwaiter().GetResult();
        // Renewal follows real time: the rows are for other processes, which have clocks of their own.
        entry.Timer = TimeProvider.System.CreateTimer(_ => _ = Renew(entry), null, RenewInterval, RenewInterval);
    }

    public void Unregister(SidecarHost host)
    {
        if (!_local.TryRemove(host, out var entry))
        {
            return;
        }

        Publish();
        if (entry.File is { } file)
        {
            entry.Timer?.Dispose();
            file.WriteAsync(session => session.Execute("DELETE FROM sidecars WHERE registration_id = $1", entry.Id), singleStatement: true)
                .GetAwaiter().GetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _local.Keys)
        {
            Unregister(host);
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>What other sidecars need to reach this one; null before it is registered.</summary>
    internal Peer? Own(SidecarContext context) => _local.FirstOrDefault(entry => entry.Key.Context == context).Value?.Peer;

    internal bool Knows(SidecarContext caller, string @namespace, string appId)
    {
        foreach (var entry in _entries)
        {
            if (entry.Peer.AppId == appId && entry.Peer.Namespace == @namespace)
            {
                return true;
            }
        }

        return FileOf(caller) is { } file && Remote(file, @namespace, appId).Count > 0;
    }

    /// <summary>A sidecar of that app, the next one at each call when there are several; null when there is none.</summary>
    /// <param name="gone">Addresses that did not answer.</param>
    internal Peer? Resolve(SidecarContext caller, string @namespace, string appId, List<string>? gone = null)
    {
        Peer? only = null;
        List<Peer>? several = null;
        foreach (var entry in _entries)
        {
            if (entry.Peer.AppId == appId && entry.Peer.Namespace == @namespace && gone?.Contains(entry.Peer.Address) != true)
            {
                if (only is null)
                {
                    only = entry.Peer;
                }
                else
                {
                    (several ??= [only]).Add(entry.Peer);
                }
            }
        }

        if (only is null && FileOf(caller) is { } file)
        {
            several = Remote(file, @namespace, appId);
            several.RemoveAll(peer => gone?.Contains(peer.Address) == true);
        }

        return several switch
        {
            null or { Count: 0 } => only,
            { Count: 1 } => several[0],
            _ => several[(int)((uint)Interlocked.Increment(ref _turns.GetOrAdd(appId, _ => new()).Value) % (uint)several.Count)],
        };
    }

    /// <summary>Under the lock the last to publish has seen every change before it.</summary>
    private void Publish()
    {
        lock (_local)
        {
            _entries = [.. _local.Values];
        }
    }

    /// <summary>True when the secret is the one the host gave to the registry.</summary>
    internal bool IsPeer(SidecarHost host, string secret) =>
        _local.TryGetValue(host, out var entry) && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(entry.Peer.Secret), System.Text.Encoding.UTF8.GetBytes(secret));

    private static List<Peer> Remote(SqliteFile file, string @namespace, string appId)
    {
        var oldest = (TimeProvider.System.GetUtcNow() - Lifetime).ToUnixTimeMilliseconds();
        return file.Read(session => session.Query(
            "SELECT address, secret FROM sidecars WHERE app_id = $1 AND namespace = $2 AND last_update > $3 ORDER BY registration_id",
            row => new Peer(appId, @namespace, row.GetString(0), row.GetString(1), null),
            appId, @namespace, oldest));
    }

    private static Task<int> Renew(Entry entry) => entry.File!.WriteAsync(
        session => session.Execute(
            "INSERT OR REPLACE INTO sidecars (registration_id, address, app_id, namespace, secret, last_update) VALUES ($1, $2, $3, $4, $5, $6)",
            entry.Id, entry.Peer.Address, entry.Peer.AppId, entry.Peer.Namespace, entry.Peer.Secret,
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()),
        singleStatement: true);

    private SqliteFile? FileOf(SidecarContext context)
    {
        if (context.Configuration.NameResolution is { Component: "sqlite", Configuration: JsonObject settings }
            && settings["connectionString"]?.ToString() is { Length: > 0 } connection)
        {
            return _runtime.File(Path.Combine(context.Options.WorkingDirectory ?? "", connection));
        }

        return _runtime.RegistryFolder is { } folder ? _runtime.File(Path.Combine(folder, "names.db")) : null;
    }

    private sealed record Entry(Peer Peer, SqliteFile? File, string Id)
    {
        public ITimer? Timer { get; set; }
    }
}

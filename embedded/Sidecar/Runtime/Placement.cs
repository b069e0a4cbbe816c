using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DaprMesh.Sidecar.Sqlite;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>
/// The members of one actor runtime, which is all sidecars that name the same placement address. Every change of who hosts what makes a new
/// version; a member runs turns under a version only when all members have acknowledged it, that is, have let go of what it takes from them.
/// So two sidecars never run turns of one actor at once, and a member that died needs no acknowledgement.
/// </summary>
internal sealed class Placement : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private const int PollsPerLivenessCheck = 20;
    private readonly ConcurrentDictionary<string, Actors.ActorHost> _local = new(StringComparer.Ordinal);
    private readonly SqliteFile _file;
    private readonly bool _ownsFile;
    private readonly ITimer? _poll;
    private readonly Lock _publishLock = new();
    private volatile PlacementView _view = PlacementView.Empty;
    private long _seen = -1;
    private int _polls;
    private int _polling;

    private Placement(SidecarRuntime runtime, string name)
    {
        _ownsFile = runtime.RegistryFolder is null;
        _file = _ownsFile ? SqliteFile.OpenInMemory() : runtime.File(Path.Combine(runtime.RegistryFolder!, FileName("placement", name)));
        _file.WriteAsync(CreateTables).GetAwaiter().GetResult();
        Publish(_file.WriteAsync(Read).GetAwaiter().GetResult());
        if (!_ownsFile)
        {
            // Other processes have clocks of their own, so this follows real time.
            _poll = TimeProvider.System.CreateTimer(_ => Poll(), null, PollInterval, PollInterval);
        }
    }

    /// <summary>Raised after <see cref="View"/> changed; handlers must be quick.</summary>
    public event Action? Changed;

    public PlacementView View => _view;

    /// <summary>The runtime of that address and namespace in this process.</summary>
    public static Placement Of(SidecarRuntime runtime, string address, string @namespace)
    {
        var name = $"{address}|{@namespace}";
        return runtime.Shared("placement " + name, () => new Placement(runtime, name));
    }

    /// <summary>A file name for an address, which may hold any character.</summary>
    public static string FileName(string kind, string name) =>
        $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}.db";

    /// <summary>The member's host when it lives in this process.</summary>
    public Actors.ActorHost? Local(string memberId) => _local.TryGetValue(memberId, out var host) ? host : null;

    public async Task JoinAsync(PlacementMember member, Actors.ActorHost host)
    {
        _local[member.Id] = host;
        await RemoveDeadAsync(); // nobody waits for the acknowledgement of a sidecar that was killed
        await ChangeAsync(session => session.Execute(
            "INSERT INTO members (id, app_id, address, secret, types, pid, started, ack) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
            member.Id, member.AppId, member.Address, member.Secret, JsonSerializer.Serialize(member.Types), member.Process.Id, member.Process.Started), newVersion: true);
    }

    public Task SetTypesAsync(string memberId, IReadOnlyList<string> types) => ChangeAsync(
        session => session.Execute("UPDATE members SET types = $2 WHERE id = $1", memberId, JsonSerializer.Serialize(types)), newVersion: true);

    public Task AcknowledgeAsync(string memberId, long version) => ChangeAsync(
        session => session.Execute("UPDATE members SET ack = $2 WHERE id = $1 AND ack < $2", memberId, version), newVersion: false);

    public async Task LeaveAsync(string memberId)
    {
        await ChangeAsync(session => session.Execute("DELETE FROM members WHERE id = $1", memberId), newVersion: true);
        _local.TryRemove(memberId, out _);
    }

    /// <summary>A member did not answer: drop it when its process is gone.</summary>
    public Task RemoveDeadAsync()
    {
        var dead = _view.Members.Where(member => !member.Process.IsAlive).ToArray();
        return dead.Length == 0 ? Task.CompletedTask : ChangeAsync(
            session => dead.Sum(member => session.Execute("DELETE FROM members WHERE id = $1", member.Id)), newVersion: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_poll is not null)
        {
            await _poll.DisposeAsync();
        }

        if (_ownsFile)
        {
            await _file.DisposeAsync();
        }
    }

    private static bool CreateTables(SqliteSession session)
    {
        session.Execute("CREATE TABLE IF NOT EXISTS placement (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, change INTEGER NOT NULL)");
        session.Execute("INSERT OR IGNORE INTO placement VALUES (1, 1, 0)");
        session.Execute(
            """
            CREATE TABLE IF NOT EXISTS members (id TEXT PRIMARY KEY, app_id TEXT NOT NULL, address TEXT NOT NULL, secret TEXT NOT NULL,
                types TEXT NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT NULL, ack INTEGER NOT NULL)
            """);
        return true;
    }

    private static (long Change, PlacementView View) Read(SqliteSession session)
    {
        var (version, change) = session.Query("SELECT version, change FROM placement", row => (row.GetInt64(0), row.GetInt64(1)))[0];
        var members = session.Query(
            "SELECT id, app_id, address, secret, types, pid, started, ack FROM members ORDER BY id",
            row => new PlacementMember(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), JsonSerializer.Deserialize<string[]>(row.GetString(4)) ?? [],
                new ProcessIdentity(row.GetInt32(5), row.GetInt64(6)), row.GetInt64(7)));
        return (change, new PlacementView(version, members));
    }

    private static (long Change, PlacementView View) ReadSnapshot(SqliteSession session)
    {
        session.Execute("BEGIN");
        try
        {
            return Read(session);
        }
        finally
        {
            session.Execute("COMMIT");
        }
    }

    private async Task ChangeAsync(Func<SqliteSession, int> change, bool newVersion) => Publish(await _file.WriteAsync(session =>
    {
        if (change(session) > 0)
        {
            session.Execute("UPDATE placement SET change = change + 1, version = version + $1", newVersion ? 1 : 0);
        }

        return Read(session);
    }));

    private void Publish((long Change, PlacementView View) state)
    {
        lock (_publishLock)
        {
            if (state.Change <= _seen)
            {
                return;
            }

            _seen = state.Change;
            _view = state.View;
        }

        Changed?.Invoke();
    }

    private void Poll()
    {
        if (Interlocked.Exchange(ref _polling, 1) != 0)
        {
            return;
        }

        try
        {
            var change = _file.Read(session => (long)session.Scalar("SELECT change FROM placement")!);
            if (change != Interlocked.Read(ref _seen))
            {
                Publish(_file.Read(ReadSnapshot));
            }

            if (++_polls % PollsPerLivenessCheck == 0)
            {
                _ = RemoveDeadAsync();
            }
        }
        catch (SqliteException)
        {
            // Busy beyond its timeout; the next poll reads again.
        }
        finally
        {
            Volatile.Write(ref _polling, 0);
        }
    }
}

using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Sidecar.Locks;

/// <summary><c>lock.sqlite</c>: locks in a file, so that they outlive the sidecar and hold between all processes that open it.</summary>
internal sealed class SqliteLockStore(Component component, SidecarContext context) : ILockStore
{
    private const string Separator = "||";

    private readonly string _prefix = Prefix(component, context.AppId);
    private SqliteTarget? _target;
    private SqliteFile? _file;

    public IReadOnlyList<string> Capabilities { get; } = [];

    private SqliteFile File => _file ?? throw new InvalidOperationException($"{component.Name} is not initialised.");

    private long Now => context.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task InitAsync(CancellationToken ct)
    {
        _target = SqliteTarget.Of(component, context);
        _file = _target.Open(context);
        await _file.WriteAsync(session => session.Execute(
            """
            CREATE TABLE IF NOT EXISTS lock (
                resource TEXT NOT NULL PRIMARY KEY,
                owner TEXT NOT NULL,
                expires INTEGER NOT NULL
            ) WITHOUT ROWID
            """));
    }

    public string Key(string resourceId) =>
        resourceId.Contains(Separator, StringComparison.Ordinal) ? throw new LockKeyException(resourceId) : _prefix + resourceId;

    public async ValueTask<bool> TryLockAsync(string key, string owner, TimeSpan expiry, CancellationToken ct)
    {
        var now = Now;
        return await File.WriteAsync(
            (key, owner, now, expires: now + (long)expiry.TotalMilliseconds),
            static (session, take) => session.Execute(
                """
                INSERT INTO lock (resource, owner, expires) VALUES ($1, $2, $3)
                ON CONFLICT (resource) DO UPDATE SET owner = $2, expires = $3 WHERE expires <= $4
                """,
                take.key, take.owner, take.expires, take.now) > 0,
            singleStatement: true);
    }

    public async ValueTask<UnlockStatus> UnlockAsync(string key, string owner, CancellationToken ct) => await File.WriteAsync(
        (key, owner, now: Now),
        static (session, release) =>
        {
            var held = session.Scalar("SELECT owner FROM lock WHERE resource = $1 AND expires > $2", release.key, release.now);
            if (held is null)
            {
                return UnlockStatus.LockDoesNotExist;
            }

            if ((string)held != release.owner)
            {
                return UnlockStatus.LockBelongsToOthers;
            }

            session.Execute("DELETE FROM lock WHERE resource = $1", release.key);
            return UnlockStatus.Success;
        });

    public ValueTask DisposeAsync() => _target is { Path: null } && _file is not null ? _file.DisposeAsync() : ValueTask.CompletedTask;

    private static string Prefix(Component component, string appId)
    {
        var strategy = component.Find("keyPrefix")?.ToLowerInvariant() ?? "appid";
        if (strategy.Contains(Separator, StringComparison.Ordinal))
        {
            throw new LockKeyException(strategy);
        }

        return strategy switch
        {
            "none" => $"lock{Separator}",
            "name" => $"lock{Separator}{component.Name}{Separator}",
            "appid" => $"lock{Separator}{appId}{Separator}",
            _ => $"lock{Separator}{strategy}{Separator}",
        };
    }
}

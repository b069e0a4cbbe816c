using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Sqlite;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Configurations;

/// <summary><c>configuration.sqlite</c>: items in a table that anybody may write to, this process or another.</summary>
internal sealed class SqliteConfigurationStore(Component component, SidecarContext context) : IConfigurationStore
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.configuration");
    private SqliteTarget? _target;
    private SqliteFile? _file;

    public IReadOnlyList<string> Capabilities { get; } = [];

    private SqliteFile File => _file ?? throw new InvalidOperationException($"{component.Name} is not initialised.");

    public async Task InitAsync(CancellationToken ct)
    {
        _target = SqliteTarget.Of(component, context);
        _file = _target.Open(context);
        await _file.WriteAsync(session => session.Execute(
            """
            CREATE TABLE IF NOT EXISTS configuration (
                key TEXT PRIMARY KEY,
                value TEXT NOT NULL,
                version TEXT NOT NULL DEFAULT '',
                metadata TEXT
            )
            """));
    }

    public ValueTask<IReadOnlyDictionary<string, ConfigurationItem>> GetAsync(IReadOnlyList<string> keys, CancellationToken ct) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, ConfigurationItem>>(Read(keys));

    public IAsyncDisposable Subscribe(IReadOnlyList<string> keys, ConfigurationChanged changed) => new Subscription(this, keys, changed);

    public ValueTask DisposeAsync() => _target is { Path: null } && _file is not null ? _file.DisposeAsync() : ValueTask.CompletedTask;

    private Dictionary<string, ConfigurationItem> Read(IReadOnlyList<string> keys)
    {
        var rows = File.Read(session => session.Query(
            "SELECT key, value, version, metadata FROM configuration WHERE value <> ''",
            row => (Key: row.GetString(0), Value: row.GetString(1), Version: row.GetString(2), Metadata: row.IsDBNull(3) ? null : row.GetString(3))));
        return rows.Where(row => keys.Count == 0 || keys.Contains(row.Key))
            .ToDictionary(row => row.Key, row => new ConfigurationItem(row.Value, row.Version, Metadata(row.Key, row.Metadata)), StringComparer.Ordinal);
    }

    private Dictionary<string, string> Metadata(string key, string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
        }
        catch (JsonException e)
        {
            _log.LogWarning("The metadata of {Key} in {Store} is no JSON object of texts: {Fault}", key, component.Name, e.Message);
            return [];
        }
    }

    private sealed class Subscription : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly SqliteConfigurationStore _store;
        private readonly IReadOnlyList<string> _keys;
        private readonly ConfigurationChanged _changed;
        private readonly SqliteWatcher _watcher;
        private readonly Task _run;
        private Dictionary<string, ConfigurationItem> _known;

        public Subscription(SqliteConfigurationStore store, IReadOnlyList<string> keys, ConfigurationChanged changed)
        {
            _store = store;
            _keys = keys;
            _changed = changed;

            // Other processes write in real time, whatever clock the sidecar has.
            _watcher = store.File.Watch(TimeProvider.System, LookInterval);
            _known = store.Read(keys);
            _run = RunAsync(_stop.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _watcher.Dispose();
            _stop.Dispose();
        }

        private async Task RunAsync(CancellationToken ct)
        {
            while (!ct.IsCancellationRequested)
            {
                try
                {
                    await _watcher.ChangedAsync(ct);
                    await TellAsync(ct);
                }
#pragma warning disable CA1031 // One look that fails must not end the subscription.
                catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    _store._log.LogError(e, "A change in configuration store {Store} could not be told", _store.Name);
                }
            }
        }

        private async Task TellAsync(CancellationToken ct)
        {
            var (before, now) = (_known, _store.Read(_keys));
            _known = now;
            foreach (var key in before.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
            {
                var item = now.GetValueOrDefault(key);
                if (!Same(before.GetValueOrDefault(key), item))
                {
                    await _changed(key, item, ct);
                }
            }
        }

        private static bool Same(ConfigurationItem? one, ConfigurationItem? other) =>
            one is null || other is null
                ? one is null && other is null
                : one.Value == other.Value && one.Version == other.Version
                    && one.Metadata.Count == other.Metadata.Count && !one.Metadata.Except(other.Metadata).Any();
    }

    private string Name => component.Name;
}

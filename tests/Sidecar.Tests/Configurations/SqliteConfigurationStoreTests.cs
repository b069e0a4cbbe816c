using System.Threading.Channels;
using DaprMesh.Sidecar.Configurations;
using DaprMesh.Sidecar.Sqlite;
using DaprMesh.Sidecar.Tests.State;

namespace DaprMesh.Sidecar.Tests.Configurations;

public sealed class SqliteConfigurationStoreTests : IAsyncDisposable
{
    private readonly StoreSidecar _sidecar = new();
    private readonly Channel<(string Key, ConfigurationItem? Item)> _changes = Channel.CreateUnbounded<(string, ConfigurationItem?)>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    [Fact]
    public async Task Another_process_writes_and_the_subscriber_hears_of_its_keys()
    {
        var store = await _sidecar.StartAsync<IConfigurationStore>("configuration.sqlite", ("connectionString", "settings.db"));
        await using var other = SqliteFile.Open(_sidecar.Folder.File("settings.db"));
        await using var subscription = store.Subscribe(["colour"], (key, item, _) => _changes.Writer.WriteAsync((key, item), Cancel).AsTask());

        await SetAsync(other, "size", "10");
        await SetAsync(other, "colour", "red");
        var changed = await _changes.Reader.ReadAsync(Cancel);
        await other.WriteAsync(session => session.Execute("DELETE FROM configuration WHERE key = 'colour'"));
        var deleted = await _changes.Reader.ReadAsync(Cancel);

        Assert.Equal(("colour", "red", "v1"), (changed.Key, changed.Item!.Value, changed.Item.Version));
        Assert.Equal(("colour", null), deleted);
        Assert.Equal(["size"], (await store.GetAsync([], Cancel)).Keys);
    }

    private static Task<int> SetAsync(SqliteFile file, string key, string value) => file.WriteAsync(
        session => session.Execute("REPLACE INTO configuration (key, value, version) VALUES ($1, $2, 'v1')", key, value));
}

using System.Text;
using DaprMesh.Sidecar.State;

namespace DaprMesh.Sidecar.Tests.State;

/// <summary>What every state store has to do, whatever its type.</summary>
public abstract class StateStoreTests : IAsyncLifetime
{
    private readonly StoreSidecar _sidecar = new();
    private IStateStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await StartAsync(_sidecar);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _sidecar.DisposeAsync();
    }

    [Fact]
    public async Task A_saved_value_comes_back_with_an_ETag_that_changes_with_each_write()
    {
        await SaveAsync("k", "1");
        var first = await GetAsync("k");
        await SaveAsync("k", "2");
        var second = await GetAsync("k");

        Assert.Equal("2", Encoding.UTF8.GetString(second!.Value));
        Assert.NotEqual(first!.ETag, second.ETag);
        Assert.Null(second.Expires);
    }

    [Fact]
    public async Task A_missing_key_is_null() => Assert.Null(await GetAsync("missing"));

    [Fact]
    public async Task Bytes_of_any_kind_come_back_as_they_were()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        await _store.RunAsync(StateOperation.Upsert("k", bytes) with { IsBinary = true }, Cancel);
        await _store.RunAsync(StateOperation.Upsert("empty", Array.Empty<byte>()) with { IsBinary = true }, Cancel);

        Assert.Equal(bytes, (await GetAsync("k"))!.Value);
        Assert.Empty((await GetAsync("empty"))!.Value);
    }

    [Fact]
    public async Task A_write_with_a_stale_ETag_is_refused_and_changes_nothing()
    {
        await SaveAsync("k", "1");
        var etag = (await GetAsync("k"))!.ETag;
        await _store.RunAsync(Upsert("k", "2") with { ETag = etag }, Cancel);

        await Assert.ThrowsAsync<ETagMismatchException>(() => _store.RunAsync(Upsert("k", "3") with { ETag = etag }, Cancel));
        await Assert.ThrowsAsync<ETagMismatchException>(() => _store.RunAsync(StateOperation.Delete("k") with { ETag = etag }, Cancel));
        await Assert.ThrowsAsync<ETagMismatchException>(() => _store.RunAsync(Upsert("absent", "3") with { ETag = etag }, Cancel));
        Assert.Equal("2", Encoding.UTF8.GetString((await GetAsync("k"))!.Value));
    }

    [Fact]
    public async Task First_write_without_an_ETag_only_makes_new_keys()
    {
        await _store.RunAsync(Upsert("k", "1") with { Concurrency = "first-write" }, Cancel);

        await Assert.ThrowsAsync<ETagMismatchException>(
            () => _store.RunAsync(Upsert("k", "2") with { Concurrency = "first-write" }, Cancel));
    }

    [Fact]
    public async Task Of_many_first_writers_exactly_one_wins()
    {
        var writes = Enumerable.Range(0, 100).Select(number => Task.Run(
            () => _store.RunAsync(Upsert("k", $"{number}") with { Concurrency = "first-write" }, Cancel))).ToArray();

        await Assert.ThrowsAsync<ETagMismatchException>(() => Task.WhenAll(writes));
        Assert.Equal(1, writes.Count(write => write.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task An_expired_key_is_gone_and_may_be_first_written_again()
    {
        await _store.RunAsync(StateOperation.Upsert("k", "1"u8.ToArray(), ttlInSeconds: 2), Cancel);
        Assert.Equal(_sidecar.Clock.GetUtcNow().AddSeconds(2), (await GetAsync("k"))!.Expires);

        _sidecar.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Null(await GetAsync("k"));
        Assert.Equal([null], await _store.GetManyAsync(["k"], Cancel));
        await _store.RunAsync(Upsert("k", "2") with { Concurrency = "first-write" }, Cancel);
        Assert.NotNull(await GetAsync("k"));
    }

    [Fact]
    public async Task A_later_write_without_a_TTL_ends_the_expiry()
    {
        await _store.RunAsync(StateOperation.Upsert("k", "1"u8.ToArray(), ttlInSeconds: 2), Cancel);
        await SaveAsync("k", "2");

        _sidecar.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.NotNull(await GetAsync("k"));
    }

    [Fact]
    public async Task A_transaction_is_done_whole()
    {
        await SaveAsync("b", "1");

        await _store.TransactAsync([Upsert("a", "1"), StateOperation.Delete("b"), Upsert("c", "1"), StateOperation.Delete("c")], Cancel);

        Assert.Equal([true, false, false], (await _store.GetManyAsync(["a", "b", "c"], Cancel)).Select(item => item is not null));
    }

    [Fact]
    public async Task A_transaction_with_a_stale_ETag_leaves_nothing_behind()
    {
        await SaveAsync("k", "1");

        await Assert.ThrowsAsync<ETagMismatchException>(
            () => _store.TransactAsync([Upsert("new", "1"), Upsert("k", "2") with { ETag = "stale" }], Cancel));

        Assert.Null(await GetAsync("new"));
        Assert.Equal("1", Encoding.UTF8.GetString((await GetAsync("k"))!.Value));
    }

    [Fact]
    public async Task Unknown_options_and_a_TTL_that_is_no_number_are_refused()
    {
        await Assert.ThrowsAsync<StateStoreException>(() => RunAsync(Upsert("k", "1") with { Concurrency = "x" }));
        await Assert.ThrowsAsync<StateStoreException>(() => RunAsync(Upsert("k", "1") with { Consistency = "x" }));
        await Assert.ThrowsAsync<StateStoreException>(() => RunAsync(Upsert("k", "1") with { TtlInSeconds = "soon" }));
        Assert.Null(await GetAsync("k"));
    }

    private protected abstract Task<IStateStore> StartAsync(StoreSidecar sidecar);

    private static StateOperation Upsert(string key, string json) => StateOperation.Upsert(key, Encoding.UTF8.GetBytes(json));

    private async Task RunAsync(StateOperation operation) => await _store.RunAsync(operation, Cancel);

    private Task SaveAsync(string key, string json) => _store.RunAsync(Upsert(key, json), Cancel);

    private async Task<StateItem?> GetAsync(string key) => await _store.GetAsync(key, Cancel);
}

public sealed class InMemoryStateStoreTests : StateStoreTests
{
    private protected override Task<IStateStore> StartAsync(StoreSidecar sidecar) => sidecar.StartAsync<IStateStore>("state.in-memory");
}

public sealed class SqliteStateStoreTests : StateStoreTests
{
    private protected override Task<IStateStore> StartAsync(StoreSidecar sidecar) =>
        sidecar.StartAsync<IStateStore>("state.sqlite", ("connectionString", "state.db"));
}

public sealed class SqliteMemoryStateStoreTests : StateStoreTests
{
    private protected override Task<IStateStore> StartAsync(StoreSidecar sidecar) =>
        sidecar.StartAsync<IStateStore>("state.sqlite", ("connectionString", ":memory:"));
}

using System.Text;
using System.Text.Json;
using Dapr;
using Dapr.Client;

namespace DaprMesh.Sdk.Tests.EndToEnd;

public sealed class StateTests
{
    private const string Store = "statestore";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_key_of_any_characters_is_saved_read_and_deleted(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        string[] keys = ["plain", "a/b", "a%2Fb", "a+b", "a%2Bb", "a b", "ключ-é-🙂", "q?x=1&y#z", "100%", "a\\b", "\"quoted\"", "a//b", "%"];
        foreach (var key in keys)
            await app.Client.SaveStateAsync(Store, key, new Item(key, 1), cancellationToken: Ended);
        foreach (var key in keys)
            Assert.Equal(key, (await app.Client.GetStateAsync<Item?>(Store, key, cancellationToken: Ended))?.Name);

        var bulk = await app.Client.GetBulkStateAsync<Item>(Store, keys, parallelism: null, cancellationToken: Ended);
        Assert.Equal(keys.Order(StringComparer.Ordinal), bulk.Select(item => item.Value.Name).Order(StringComparer.Ordinal));
        foreach (var key in keys)
        {
            await app.Client.DeleteStateAsync(Store, key, cancellationToken: Ended);
            Assert.Null(await app.Client.GetStateAsync<Item?>(Store, key, cancellationToken: Ended));
        }
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task An_etag_comes_bare_and_only_its_holder_may_write(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        await app.Client.SaveStateAsync(Store, "k", new Item("first", 1), cancellationToken: Ended);
        var (value, etag) = await app.Client.GetStateAndETagAsync<Item>(Store, "k", cancellationToken: Ended);
        Assert.NotEmpty(etag);
        Assert.DoesNotContain('"', etag);

        Assert.True(await app.Client.TrySaveStateAsync(Store, "k", value with { Count = 2 }, etag, cancellationToken: Ended));
        Assert.False(await app.Client.TrySaveStateAsync(Store, "k", value with { Count = 3 }, etag, cancellationToken: Ended));
        Assert.False(await app.Client.TryDeleteStateAsync(Store, "k", etag, cancellationToken: Ended));
        var entry = await app.Client.GetStateEntryAsync<Item>(Store, "k", cancellationToken: Ended);
        Assert.Equal(2, entry.Value.Count);
        Assert.True(await entry.TryDeleteAsync(cancellationToken: Ended));
        Assert.Equal((null, ""), await app.Client.GetStateAndETagAsync<Item?>(Store, "k", cancellationToken: Ended));
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task Of_two_first_writers_one_wins(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        var firstWrite = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite };
        var one = await app.Client.GetStateEntryAsync<Item>(Store, "new", cancellationToken: Ended);
        var two = await app.Client.GetStateEntryAsync<Item>(Store, "new", cancellationToken: Ended);
        one.Value = new Item("one", 1);
        two.Value = new Item("two", 2);
        Assert.True(await one.TrySaveAsync(firstWrite, cancellationToken: Ended));
        Assert.False(await two.TrySaveAsync(firstWrite, cancellationToken: Ended));
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_transaction_happens_whole_or_not_at_all(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        await app.Client.SaveStateAsync(Store, "old", 1, cancellationToken: Ended);
        await app.Client.ExecuteStateTransactionAsync(Store, [Upsert("a/1", 5), Upsert("b", 6), Delete("old")], cancellationToken: Ended);
        Assert.Equal("5 6 0", await ReadAsync("a/1", "b", "old"));

        var refused = await Assert.ThrowsAsync<DaprApiException>(() => app.Client.ExecuteStateTransactionAsync(
            Store, [Upsert("a/1", 7), Upsert("b", 8, etag: "000")], cancellationToken: Ended));
        Assert.False(string.IsNullOrEmpty(refused.ErrorCode));
        Assert.Equal("5 6 0", await ReadAsync("a/1", "b", "old"));

        async Task<string> ReadAsync(params string[] keys) =>
            string.Join(" ", await Task.WhenAll(keys.Select(key => app.Client.GetStateAsync<int>(Store, key, cancellationToken: Ended))));
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task Several_keys_are_saved_and_deleted_at_once(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        await app.Client.SaveBulkStateAsync(Store, [new SaveStateItem<int>("x", 1, null), new SaveStateItem<int>("y/z", 2, null)], Ended);
        var read = await app.Client.GetBulkStateAsync(Store, ["x", "y/z", "none"], parallelism: 2, cancellationToken: Ended);
        Assert.Equal(["1", "2", ""], read.OrderBy(item => item.Key == "none").ThenBy(item => item.Key, StringComparer.Ordinal).Select(item => item.Value));
        Assert.All(read.Where(item => item.Key != "none"), item => Assert.NotEmpty(item.ETag));

        await app.Client.DeleteBulkStateAsync(Store, [.. read.Select(item => new BulkDeleteStateItem(item.Key, item.ETag))], Ended);
        Assert.Equal(0, await app.Client.GetStateAsync<int>(Store, "y/z", cancellationToken: Ended));
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task Bytes_come_back_as_they_were(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        byte[][] values = [[0, 255, 1, 2], Encoding.UTF8.GetBytes("plain text"), Encoding.UTF8.GetBytes("""{"json":[1,2]}"""), Encoding.UTF8.GetBytes("\"text\"")];
        foreach (var value in values)
        {
            await app.Client.SaveByteStateAsync(Store, "bytes", value, cancellationToken: Ended);
            Assert.Equal(value, (await app.Client.GetByteStateAsync(Store, "bytes", cancellationToken: Ended)).ToArray());
        }
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task An_unknown_store_is_refused_with_the_sidecars_error_code(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        var refused = await Assert.ThrowsAsync<DaprApiException>(() => app.Client.GetStateAsync<int>("none", "k", cancellationToken: Ended));
        Assert.Equal("ERR_STATE_STORE_NOT_FOUND", refused.ErrorCode);
    }

    private static StateTransactionRequest Upsert(string key, int value, string? etag = null) =>
        new(key, JsonSerializer.SerializeToUtf8Bytes(value), StateOperationType.Upsert, etag);

    private static StateTransactionRequest Delete(string key) => new(key, null, StateOperationType.Delete);

    private sealed record Item(string Name, int Count);
}

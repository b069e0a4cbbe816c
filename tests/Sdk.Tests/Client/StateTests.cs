using System.Text;
using System.Text.Json;
using Dapr;
using Dapr.Client;

namespace DaprMesh.Sdk.Tests.Client;

public sealed class StateTests : ClientTest
{
    private const string Conflict = """{"errorCode":"ERR_STATE_SAVE","message":"failed saving state in state store orders: possible etag mismatch. error from state store"}""";

    [Fact]
    public async Task A_value_comes_with_its_unquoted_etag()
    {
        Sidecar.Answer("GET /v1.0/state/orders/o-1", 200, """{"id":"o-1","total":5}""", headers: ("ETag", "7f3c-9"));
        Assert.Equal((new Order("o-1", 5), "7f3c-9"), await Client.GetStateAndETagAsync<Order>("orders", "o-1", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_missing_key_gives_the_default_and_an_empty_etag()
    {
        Assert.Equal((null, ""), await Client.GetStateAndETagAsync<Order?>("orders", "none", cancellationToken: Cancellation));
        Assert.Equal(0, await Client.GetStateAsync<int>("orders", "none", cancellationToken: Cancellation));
        var entry = await Client.GetStateEntryAsync<Order>("orders", "none", cancellationToken: Cancellation);
        Assert.Null(entry.Value);
        Assert.Equal("", entry.ETag);
    }

    [Fact]
    public async Task Keys_are_escaped_and_options_go_into_the_query()
    {
        await Client.GetStateAsync<Order>("orders", "a/b+c %ü||", ConsistencyMode.Strong, new Dictionary<string, string> { ["partition key"] = "x&y" }, Cancellation);
        Assert.Equal("/v1.0/state/orders/a%2Fb%2Bc%20%25%C3%BC%7C%7C?consistency=strong&metadata.partition%20key=x%26y", Sidecar.Single.Target);
    }

    [Fact]
    public async Task Saving_sends_one_item_with_everything_that_was_given()
    {
        await Client.SaveStateAsync("orders", "o-1", new Order("o-1", 5), new StateOptions { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong },
            new Dictionary<string, string> { ["ttlInSeconds"] = "60" }, Cancellation);
        Assert.Equal("POST", Sidecar.Single.Method);
        Assert.Equal("/v1.0/state/orders", Sidecar.Single.Target);
        Assert.Equal("application/json", Sidecar.Single.Header("Content-Type"));
        Assert.Equal("""[{"key":"o-1","value":{"id":"o-1","total":5},"options":{"concurrency":"first-write","consistency":"strong"},"metadata":{"ttlInSeconds":"60"}}]""", Sidecar.Single.Body);
    }

    [Fact]
    public async Task A_plain_save_sends_nothing_else()
    {
        await Client.SaveStateAsync("orders", "note", "hello", cancellationToken: Cancellation);
        Assert.Equal("""[{"key":"note","value":"hello"}]""", Sidecar.Single.Body);
    }

    [Fact]
    public async Task Trying_to_save_is_false_when_someone_else_was_first()
    {
        Sidecar.Answer("POST /v1.0/state/orders", 409, Conflict);
        Assert.False(await Client.TrySaveStateAsync("orders", "o-1", new Order("o-1", 5), "7", cancellationToken: Cancellation));
        Assert.Equal("""[{"key":"o-1","value":{"id":"o-1","total":5},"etag":"7"}]""", Sidecar.Single.Body);
    }

    [Fact]
    public async Task A_conflict_of_a_plain_save_is_an_error_with_the_sidecars_code()
    {
        Sidecar.Answer("POST /v1.0/state/orders", 409, Conflict);
        var error = await Assert.ThrowsAsync<DaprApiException>(() => Client.SaveStateAsync("orders", "o-1", 1, new StateOptions { Concurrency = ConcurrencyMode.FirstWrite }, cancellationToken: Cancellation));
        Assert.Equal("ERR_STATE_SAVE", error.ErrorCode);
        Assert.Contains("possible etag mismatch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_etag_is_an_error()
    {
        Sidecar.Answer("POST /v1.0/state/orders", 400, """{"errorCode":"ERR_STATE_SAVE","message":"invalid etag value"}""");
        await Assert.ThrowsAnyAsync<DaprException>(() => Client.TrySaveStateAsync("orders", "o-1", 1, "x", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Trying_needs_an_etag()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Client.TrySaveStateAsync("orders", "o-1", 1, null!, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Client.TryDeleteStateAsync("orders", "o-1", null!, cancellationToken: Cancellation));
        Assert.Empty(Sidecar.Received);
    }

    [Fact]
    public async Task Deleting_sends_the_bare_etag_and_the_options()
    {
        Sidecar.Answer("DELETE /v1.0/state/orders/o-1", 409, Conflict);
        Assert.False(await Client.TryDeleteStateAsync("orders", "o-1", "7f-3", new StateOptions { Concurrency = ConcurrencyMode.LastWrite, Consistency = ConsistencyMode.Eventual }, cancellationToken: Cancellation));
        Assert.Equal("7f-3", Sidecar.Single.Header("If-Match"));
        Assert.Equal("/v1.0/state/orders/o-1?concurrency=last-write&consistency=eventual", Sidecar.Single.Target);
    }

    [Fact]
    public async Task An_entry_saves_and_deletes_with_the_etag_it_was_read_with()
    {
        Sidecar.Answer("GET /v1.0/state/orders/o-1", 200, """{"id":"o-1","total":5}""", headers: ("ETag", "3"));
        var entry = await Client.GetStateEntryAsync<Order>("orders", "o-1", cancellationToken: Cancellation);
        entry.Value = entry.Value with { Total = 6 };
        Assert.True(await entry.TrySaveAsync(cancellationToken: Cancellation));
        Assert.True(await entry.TryDeleteAsync(cancellationToken: Cancellation));
        await entry.DeleteAsync(cancellationToken: Cancellation);
        Assert.Equal("""[{"key":"o-1","value":{"id":"o-1","total":6},"etag":"3"}]""", Sidecar.Received[1].Body);
        Assert.Equal("3", Sidecar.Received[2].Header("If-Match"));
        Assert.Null(Sidecar.Received[3].Header("If-Match"));
    }

    [Fact]
    public async Task Bulk_reads_tell_missing_keys_by_an_empty_item()
    {
        Sidecar.Answer("POST /v1.0/state/orders/bulk", 200, """[{"key":"b"},{"key":"a","data":{"id":"a","total":1},"etag":"4"},{"key":"c","error":"broken"}]""");
        var items = await Client.GetBulkStateAsync<Order?>("orders", ["a", "b", "c"], 3, cancellationToken: Cancellation);
        Assert.Equal([("b", null, ""), ("a", new Order("a", 1), "4"), ("c", null, "")], items.Select(i => (i.Key, i.Value, i.ETag)));
        Assert.Equal("""{"keys":["a","b","c"],"parallelism":3}""", Sidecar.Single.Body);

        var texts = await Client.GetBulkStateAsync("orders", ["a"], null, cancellationToken: Cancellation);
        Assert.Equal(["", """{"id":"a","total":1}""", ""], texts.Select(t => t.Value));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.GetBulkStateAsync("orders", [], null, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Bulk_save_and_delete_carry_each_items_own_conditions()
    {
        await Client.SaveBulkStateAsync("orders", [new SaveStateItem<int>("a", 1, null), new SaveStateItem<int>("b", 2, "9")], Cancellation);
        Assert.Equal("""[{"key":"a","value":1},{"key":"b","value":2,"etag":"9"}]""", Sidecar.Single.Body);
        await Client.DeleteBulkStateAsync("orders", [new BulkDeleteStateItem("a", null), new BulkDeleteStateItem("b", "9")], Cancellation);
        Assert.Equal(["/v1.0/state/orders/a", "/v1.0/state/orders/b"], Sidecar.Received.Skip(1).Select(r => r.Target).Order());
        Assert.Equal("9", Sidecar.Received.Single(r => r.Target.EndsWith("/b", StringComparison.Ordinal)).Header("If-Match"));
    }

    [Fact]
    public async Task A_transaction_passes_the_json_on_as_it_stands()
    {
        await Client.ExecuteStateTransactionAsync("orders",
            [
                new StateTransactionRequest("o-1", Encoding.UTF8.GetBytes("""{ "total": 5 }"""), StateOperationType.Upsert, "1", options: new StateOptions { Concurrency = ConcurrencyMode.FirstWrite }),
                new StateTransactionRequest("cart-1", null, StateOperationType.Delete, "9"),
            ],
            new Dictionary<string, string> { ["partitionKey"] = "x" }, Cancellation);
        Assert.Equal("/v1.0/state/orders/transaction", Sidecar.Single.Target);
        Assert.Equal("""{"operations":[{"operation":"upsert","request":{"key":"o-1","value":{ "total": 5 },"etag":"1","options":{"concurrency":"first-write"}}},{"operation":"delete","request":{"key":"cart-1","etag":"9"}}],"metadata":{"partitionKey":"x"}}""", Sidecar.Single.Body);
    }

    [Theory]
    [InlineData("""{"a":[1,2]}""", """[{"key":"k","value":{"a":[1,2]}}]""")]
    [InlineData("Test ÿ data", null)]
    [InlineData("{\"a\":1} trailing", null)]
    [InlineData("", null)]
    public async Task Bytes_come_back_as_they_were_saved(string text, string? body)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        await Client.SaveByteStateAsync("orders", "k", bytes, cancellationToken: Cancellation);
        if (body is not null)
            Assert.Equal(body, Sidecar.Single.Body);
        using var saved = JsonDocument.Parse(Sidecar.Single.Body);
        Sidecar.Answer("GET /v1.0/state/orders/k", 200, saved.RootElement[0].GetProperty("value").GetRawText(), headers: ("ETag", "1"));
        var (read, etag) = await Client.GetByteStateAndETagAsync("orders", "k", cancellationToken: Cancellation);
        Assert.Equal(text, Encoding.UTF8.GetString(read.Span));
        Assert.Equal("1", etag);
    }

    [Fact]
    public async Task A_value_of_another_type_is_an_error_with_the_json_error_inside()
    {
        Sidecar.Answer("GET /v1.0/state/orders/o-1", 200, "\"text\"");
        var error = await Assert.ThrowsAnyAsync<DaprException>(() => Client.GetStateAsync<Order>("orders", "o-1", cancellationToken: Cancellation));
        Assert.IsType<JsonException>(error.InnerException);
    }
}

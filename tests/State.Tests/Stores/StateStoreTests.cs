using DaprMesh.Testing;

namespace DaprMesh.State.Tests.Stores;

public sealed class StateStoreTests(StoreMeshes meshes) : IClassFixture<StoreMeshes>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Types => StoreMeshes.Types;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Types))]
    public async Task What_is_created_is_found_listed_and_told(string type)
    {
        await using var process = new StoreProcess(meshes[type], prefix: "created");

        var created = await process.Orders.CreateAsync("ann-1", Order.Place("ann-1", "ann", Now), Ct);
        var found = await process.Orders.FindWithETagAsync("ann-1", Ct);

        Assert.Equal(new Order("ann-1", "ann", "placed", 0, Now), found?.State);
        Assert.Equal((1, Assert.IsType<Decision<Order>.Changed>(created).ETag), (found?.Version, found?.ETag));
        Assert.Equal(["ann-1"], (await process.Orders.ListAsync("by-owner", "ann", new PageRequest(), Ct))?.Items.Select(order => order.Id));
        Assert.Equal(["ann-1"], (await process.Orders.ListAsync("by-status", "placed", new PageRequest(), Ct))?.Items.Select(order => order.Id));
        await Eventually.TrueAsync(() => Events.Of(meshes[type], "ann-1").Count == 1, Ct);
        var told = Events.Of(meshes[type], "ann-1")[0];
        Assert.Equal(("order-placed", "order-placed", "shop", "ann-1", 1), (told.Topic, told.Text("type"), told.Text("source"), told.Text("subject"), told.Version));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_change_moves_the_document_in_the_index_and_a_removal_takes_it_out(string type)
    {
        await using var process = new StoreProcess(meshes[type], prefix: "moved");
        await process.Orders.CreateAsync("1", Order.Place("1", "bob", Now), Ct);

        await process.Orders.UpdateAsync("1", order => order.Move("paid"), Ct);
        Assert.Empty(await ListAsync(process, "by-status", "placed"));
        Assert.Equal(["1"], await ListAsync(process, "by-status", "paid"));

        await process.Orders.DeleteAsync("1", order => order.Remove(), Ct);
        Assert.Empty(await ListAsync(process, "by-status", "paid"));
        Assert.Empty(await ListAsync(process, "by-owner", "bob"));
        Assert.Null(await process.Orders.FindAsync("1", Ct));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task What_cannot_be_is_refused_with_its_kind_and_code(string type)
    {
        await using var process = new StoreProcess(meshes[type], prefix: "refused");
        var first = await process.Orders.CreateAsync("1", Order.Place("1", "cid", Now), Ct);
        var etag = Assert.IsType<Decision<Order>.Changed>(first).ETag ?? "";
        await process.Orders.UpdateAsync("1", order => order.Add(), IfMatch.Of(etag), Ct);

        Assert.Equal((RefusalKind.Conflict, "refused.exists"), Refusal(await process.Orders.CreateAsync("1", Order.Place("1", "cid", Now), Ct)));
        Assert.Equal((RefusalKind.NotFound, "refused.missing"), Refusal(await process.Orders.UpdateAsync("2", order => order.Add(), Ct)));
        Assert.Equal((RefusalKind.NotFound, "refused.missing"), Refusal(await process.Orders.UpdateAsync("a||b", order => order.Add(), Ct)));
        Assert.Equal((RefusalKind.NotFound, "refused.missing"), Refusal(await process.Orders.DeleteAsync("2", order => order.Remove(), Ct)));
        Assert.Equal((RefusalKind.Stale, "refused.changed-meanwhile"), Refusal(await process.Orders.UpdateAsync("1", order => order.Add(), IfMatch.Of(etag), Ct)));
        Assert.Equal((RefusalKind.ConditionNeeded, "refused.if-match-needed"), Refusal(await process.Orders.UpdateAsync("1", order => order.Add(), IfMatch.Any.Needed(), Ct)));
        Assert.Equal(1, (await process.Orders.FindAsync("1", Ct))?.Count);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_decision_that_throws_is_its_callers_only(string type)
    {
        await using var process = new StoreProcess(meshes[type], prefix: "thrown");
        await process.Orders.CreateAsync("1", Order.Place("1", "dan", Now), Ct);

        var thrown = process.Orders.UpdateAsync("1", _ => throw new InvalidOperationException("a bug"), Ct);
        var added = process.Orders.UpdateAsync("1", order => order.Add(), Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => thrown);
        Assert.Equal(1, Assert.IsType<Decision<Order>.Changed>(await added).State.Count);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task An_idempotency_key_makes_a_repeat_harmless_for_a_day(string type)
    {
        await using var process = new StoreProcess(meshes[type], prefix: "once");
        var once = IdempotencyKey.Of("key 1", "body"u8, "eve");
        var first = await process.Orders.CreateAsync("1", Order.Place("1", "eve", Now), once, Ct);
        var second = await process.Orders.CreateAsync("2", Order.Place("2", "eve", Now), once, Ct);
        var other = await process.Orders.CreateAsync("3", Order.Place("3", "eve", Now), IdempotencyKey.Of("key 1", "other"u8, "eve"), Ct);
        var someoneElse = await process.Orders.CreateAsync("4", Order.Place("4", "eve", Now), IdempotencyKey.Of("key 1", "other"u8, "fay"), Ct);

        Assert.Equal(Assert.IsType<Decision<Order>.Changed>(first).State, Assert.IsType<Decision<Order>.Unchanged>(second).State);
        Assert.Equal((RefusalKind.Invalid, "idempotency-key.other-body"), Refusal(other));
        Assert.IsType<Decision<Order>.Changed>(someoneElse);
        Assert.Equal(["1", "4"], await ListAsync(process, "by-owner", "eve"));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task Pages_follow_each_other_in_every_number_of_shards(string type)
    {
        foreach (var shards in new[] { 1, 4 })
        {
            await using var process = new StoreProcess(meshes[type], prefix: $"pages-{shards}", shards: shards);
            await Task.WhenAll(Enumerable.Range(0, 300).Select(number =>
                process.Orders.CreateAsync($"{number:000}", Order.Place($"{number:000}", "gus", Now.AddSeconds(number)), Ct)));

            var all = new List<string>();
            string? cursor = null;
            do
            {
                var page = await process.Orders.ListAsync("by-owner", "gus", new PageRequest(cursor, 70), Ct);
                Assert.NotNull(page);
                all.AddRange(page.Items.Select(order => order.Id));
                cursor = page.NextCursor;
            }
            while (cursor is not null);

            Assert.Equal(Enumerable.Range(0, 300).Reverse().Select(number => $"{number:000}"), all);
            Assert.Null(await process.Orders.ListAsync("by-owner", "gus", new PageRequest("nonsense"), Ct));
            var first = await process.Orders.ListAsync("by-owner", "gus", new PageRequest(null, 1), Ct);
            Assert.NotNull(first?.NextCursor);
            Assert.Null(await process.Orders.ListAsync("by-status", "placed", new PageRequest(first.NextCursor), Ct));
        }
    }

    private static (RefusalKind, string) Refusal(Decision<Order> decision)
    {
        var reason = Assert.IsType<Decision<Order>.Refused>(decision).Reason;
        return (reason.Kind, reason.Code);
    }

    private static async Task<List<string>> ListAsync(StoreProcess process, string index, string value) =>
        await process.Orders.ListAllAsync(index, value, Ct).Select(order => order.Id).ToListAsync(Ct);
}

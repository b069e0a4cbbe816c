namespace DaprMesh.Sdk.Tests.Actors;

public sealed class StateTests
{
    [Fact]
    public async Task All_changes_of_a_turn_are_one_transaction()
    {
        await using var app = await ActorApp.StartAsync();
        app.Sidecar.SetState("CounterActor/c1", "c", "3");
        await app.Counter("c1").ChangeAllAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            """[{"operation":"upsert","request":{"key":"a","value":1}},{"operation":"upsert","request":{"key":"b","value":"two"}},{"operation":"delete","request":{"key":"c"}}]""",
            Assert.Single(app.Sidecar.Writes).Body);
    }

    [Fact]
    public async Task A_turn_that_throws_writes_nothing_and_forgets_what_it_changed()
    {
        await using var app = await ActorApp.StartAsync();
        await app.Counter("c1").AddAsync(new Step(1, null));
        await Assert.ThrowsAnyAsync<Exception>(() => app.Counter("c1").AddAndThrowAsync(50));
        Assert.Equal("1", app.Sidecar.State("CounterActor/c1", "count"));
        Assert.Equal(2, await app.Counter("c1").AddAsync(new Step(1, null)));
    }

    [Fact]
    public async Task A_state_is_read_once_and_a_turn_that_changes_nothing_writes_nothing()
    {
        await using var app = await ActorApp.StartAsync();
        app.Sidecar.SetState("CounterActor/c1", "count", "21");
        Assert.Equal(42, await app.Counter("c1").ReadTwiceAsync());
        Assert.Equal(42, await app.Counter("c1").ReadTwiceAsync());
        Assert.Single(app.Sidecar.Requests, request => request.Method == "GET");
        Assert.Empty(app.Sidecar.Writes);
    }

    [Fact]
    public async Task A_time_to_live_is_sent_in_whole_seconds_and_kept_by_the_clock()
    {
        var clock = new ManualClock();
        await using var app = await ActorApp.StartAsync(build: builder => ManualClock.Use(builder, clock));
        await app.Counter("c1").SetForAsync("k", 1, TimeSpan.FromMilliseconds(1500));
        Assert.Equal(
            """[{"operation":"upsert","request":{"key":"k","value":1,"metadata":{"ttlInSeconds":"2"}}}]""",
            Assert.Single(app.Sidecar.Writes).Body);
        Assert.True(await app.Counter("c1").HasAsync("k"));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await app.Counter("c1").HasAsync("k"));
    }

    [Fact]
    public async Task A_stored_state_that_has_expired_is_missing()
    {
        var clock = new ManualClock();
        await using var app = await ActorApp.StartAsync(build: builder => ManualClock.Use(builder, clock));
        app.Sidecar.SetState("CounterActor/c1", "k", "1");
        app.Sidecar.Expiry = "2030-01-01T00:00:10Z";
        Assert.True(await app.Counter("c1").HasAsync("k"));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(await app.Counter("c1").HasAsync("k"));
    }

    [Fact]
    public async Task Mistakes_have_the_exceptions_of_the_published_package()
    {
        await using var app = await ActorApp.StartAsync();
        Assert.Equal(
            "KeyNotFoundException KeyNotFoundException fine InvalidOperationException InvalidOperationException "
            + "ArgumentException ArgumentException ArgumentOutOfRangeException ArgumentOutOfRangeException ArgumentException "
            + "ArgumentOutOfRangeException DaprApiException",
            await app.Counter("c1").TryWrongThingsAsync());
    }

    [Fact]
    public async Task A_reentrant_turn_sees_the_store_and_not_the_unsaved_changes_around_it()
    {
        await using var app = await ActorApp.StartAsync();
        app.Sidecar.Reentrant = true;
        app.Sidecar.SetState("CounterActor/c1", "count", "5");
        Assert.Equal(6, await app.Counter("c1").AddThroughMyselfAsync());
        Assert.Equal(["6", "100"], app.Sidecar.Writes.Select(write => System.Text.Json.JsonDocument.Parse(write.Body)
            .RootElement[0].GetProperty("request").GetProperty("value").GetRawText()));
        var inner = app.Sidecar.Requests.Single(request => request.Path.EndsWith("AddAsync", StringComparison.Ordinal));
        Assert.NotEmpty(inner.Headers["Dapr-Reentrancy-Id"]);
    }
}

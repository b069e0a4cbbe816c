using Dapr;
using DaprMesh.Testing;

namespace DaprMesh.State.Tests.Stores;

/// <summary>Events whose way is not straight. Each test has a mesh of its own, as faults and the clock are the mesh's.</summary>
public sealed class OutboxTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Types => StoreMeshes.Types;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Types))]
    public async Task A_commit_whose_answer_was_lost_is_told_like_any_other(string type)
    {
        await using var mesh = await StoreProcess.MeshAsync(type, Ct);
        var lost = 1;
        await using var process = new StoreProcess(mesh, new CallSwitch(mesh.Sidecar("shop"))
        {
            LosesAnswer = request => IsTransaction(request) && Interlocked.Decrement(ref lost) == 0,
        });

        await Assert.ThrowsAsync<DaprException>(() => process.Orders.CreateAsync("1", Order.Place("1", "ann", Now), Ct));
        await process.Orders.CreateAsync("2", Order.Place("2", "ann", Now), Ct);
        lost = 1;
        await Assert.ThrowsAsync<DaprException>(() => process.Orders.UpdateAsync("1", order => order.Add(), Ct));
        await process.UpkeepAsync(Ct);

        await Eventually.TrueAsync(() => Events.Of(mesh, "").Count == 3, Ct);
        Assert.Equal([("1", 1), ("1", 2), ("2", 1)], Events.Of(mesh, "").Select(told => (told.Subject, told.Version)).Order());
        Assert.Equal(3, mesh.Events.Published.Count);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_broker_that_fails_holds_up_no_commit_and_gets_every_event_in_order_when_it_is_back(string type)
    {
        await using var mesh = await StoreProcess.MeshAsync(type, Ct);
        await using var process = new StoreProcess(mesh);
        mesh.Faults.Fail("pubsub", times: int.MaxValue);
        await process.Orders.CreateAsync("1", Order.Place("1", "ann", Now), Ct);
        for (var i = 0; i < 60; i++)
        {
            await process.Orders.UpdateAsync("1", order => order.Add(), Ct);
        }

        Assert.Empty(mesh.Events.Published);
        mesh.Faults.Clear();
        await Eventually.TrueAsync(() => mesh.Events.Published.Count == 61, mesh.Clock, TimeSpan.FromSeconds(1), Ct);

        Assert.Equal(Enumerable.Range(1, 61).Select(version => (long)version), Events.Of(mesh, "1").Select(told => told.Version));
    }

    [Fact]
    public async Task A_process_that_was_taken_for_dead_goes_on_and_nothing_of_it_is_lost()
    {
        await using var mesh = await StoreProcess.MeshAsync("state.in-memory", Ct);
        await using var slow = new StoreProcess(mesh);
        await using var other = new StoreProcess(mesh);
        mesh.Faults.Fail("pubsub", times: 1);
        await slow.Orders.CreateAsync("1", Order.Place("1", "ann", Now), Ct);
        await Eventually.TrueAsync(() => slow.Orders.Lanes[0].Log.Publisher.IsFailing, Ct);

        mesh.Clock.Advance(TimeSpan.FromMilliseconds(10)); // not enough for its next try
        await other.Orders.CreateAsync("2", Order.Place("2", "ann", Now), Ct);
        await TakeOverAsync();
        await slow.Orders.UpdateAsync("1", order => order.Add(), Ct);

        await Eventually.TrueAsync(() => Events.Of(mesh, "1").Count == 2, mesh.Clock, TimeSpan.FromSeconds(1), Ct);
        Assert.Equal(2, (await slow.Orders.FindWithETagAsync("1", Ct))?.Version);

        async Task TakeOverAsync()
        {
            // The slow process is not asked for two minutes, and the other one looks around.
            slow.Calls.IsHeld = true;
            mesh.Clock.Advance(TimeSpan.FromMinutes(2));
            await other.UpkeepAsync(Ct);
            slow.Calls.IsHeld = false;
        }
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A_process_that_ends_in_peace_leaves_nothing_to_do(string type)
    {
        await using var mesh = await StoreProcess.MeshAsync(type, Ct);
        await using var process = new StoreProcess(mesh);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => process.Orders.CreateAsync($"{number}", Order.Place($"{number}", "ann", Now), Ct)));
        await process.StopAsync(Ct);

        await using var next = new StoreProcess(mesh);
        mesh.Clock.Advance(TimeSpan.FromHours(2));
        await next.UpkeepAsync(Ct);

        Assert.Equal(200, mesh.Events.Published.Count);
        Assert.Equal("[]", await mesh.Sidecar("shop").GetStringAsync(new Uri("v1.0/state/statestore/order.outbox", UriKind.Relative), Ct));
    }

    [Fact]
    public async Task What_a_process_could_not_publish_before_it_ended_is_told_by_the_next_at_once()
    {
        await using var mesh = await StoreProcess.MeshAsync("state.sqlite", Ct);
        await using var process = new StoreProcess(mesh);
        mesh.Faults.Fail("pubsub", times: 3);
        await process.Orders.CreateAsync("1", Order.Place("1", "ann", Now), Ct);
        await Eventually.TrueAsync(() => process.Orders.Lanes[0].Log.Publisher.IsFailing, Ct);
        await process.StopAsync(Ct);
        mesh.Faults.Clear();

        await using var next = new StoreProcess(mesh);
        await next.UpkeepAsync(Ct);

        Assert.Equal(1, Assert.Single(Events.Of(mesh, "1")).Version);
    }

    private static bool IsTransaction(HttpRequestMessage request) => request.RequestUri?.AbsolutePath.EndsWith("/transaction", StringComparison.Ordinal) == true;
}

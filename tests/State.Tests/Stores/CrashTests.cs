using DaprMesh.State.Indexes;
using DaprMesh.Testing;

namespace DaprMesh.State.Tests.Stores;

/// <summary>
/// Ends a process at every call to its sidecar, before the call and after it took effect: nothing that a process does between two calls is seen by
/// anyone else. The next process has to find, or make, things whole.
/// </summary>
public sealed class CrashTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Ids = ["a", "b", "c", "d"];

    public static TheoryData<string> Types => StoreMeshes.Types;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Types))]
    public async Task A_process_that_ends_at_any_point_leaves_no_event_without_its_commit_nor_commit_without_its_event_nor_half_an_index(string type)
    {
        await using var mesh = await StoreProcess.MeshAsync(type, Ct);
        var ends = 0;
        for (var call = 1; ; call++)
        {
            var ended = await EndAtAsync(mesh, call, afterItWasDone: false);
            ended |= await EndAtAsync(mesh, call, afterItWasDone: true);
            if (!ended)
            {
                break;
            }

            ends++;
        }

        Assert.True(ends > 15, $"The process ended at {ends} calls only.");
    }

    private static async Task<bool> EndAtAsync(Mesh mesh, int call, bool afterItWasDone)
    {
        var name = $"end-{call}{(afterItWasDone ? "-after" : "")}-";
        var calls = new CallSwitch(mesh.Sidecar("shop")) { EndAt = call, AfterItWasDone = afterItWasDone };
        await using var process = new StoreProcess(mesh, calls, prefix: name);
        await RunAsync(process, name);
        var ended = calls.HasEnded;

        mesh.Clock.Advance(TimeSpan.FromMinutes(2));
        await using var next = new StoreProcess(mesh, prefix: name);
        await next.UpkeepAsync(Ct);
        if (!ended)
        {
            await Eventually.TrueAsync(() => Events.Of(mesh, name).Count >= 9, Ct);
        }

        await CheckAsync(mesh, next, name);
        return ended;
    }

    /// <summary>What a process does in its life; it goes on after a failure as a server does.</summary>
    private static async Task RunAsync(StoreProcess process, string name)
    {
        var orders = process.Orders;
        await TryAsync(() => orders.CreateAsync(name + "a", Order.Place(name + "a", "ann", Now), Ct));
        await TryAsync(() => Task.WhenAll(Ids[1..].Select(id => orders.CreateAsync(name + id, Order.Place(name + id, "bob", Now), Ct))));
        await TryAsync(() => orders.UpdateAsync(name + "a", order => order.Move("paid"), Ct));
        await TryAsync(() => Task.WhenAll(
            orders.UpdateAsync(name + "b", order => order.Move("paid"), Ct),
            orders.UpdateAsync(name + "b", order => order.Add(), Ct),
            orders.DeleteAsync(name + "c", order => order.Remove(), Ct)));
        await TryAsync(() => orders.DeleteAsync(name + "a", order => order.Remove(), Ct));
        await TryAsync(() => process.UpkeepAsync(Ct));
        await TryAsync(() => process.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System).Token));
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Dapr.DaprException)
        {
            // The process has ended.
        }
    }

    private static async Task CheckAsync(Mesh mesh, StoreProcess process, string name)
    {
        var store = process.Context;
        foreach (var id in Ids.Select(id => name + id))
        {
            var found = await process.Orders.FindWithETagAsync(id, Ct);
            var told = Events.Of(mesh, id);
            if (found is not null)
            {
                Assert.Equal(Enumerable.Range(1, (int)found.Version).Select(version => (long)version), told.Select(each => each.Version).Order());
            }
            else if (told.Count > 0)
            {
                Assert.Equal("order-removed", told.MaxBy(each => each.Version)?.Topic);
                Assert.Equal(Enumerable.Range(1, told.Count).Select(version => (long)version), told.Select(each => each.Version).Order());
            }

            foreach (var (index, value) in new[] { ("by-owner", "ann"), ("by-owner", "bob"), ("by-status", "placed"), ("by-status", "paid") })
            {
                // The entries themselves, as a list passes over those that do not fit their document.
                var entries = await new IndexReader(store.Table, store.IndexKey(index, value, 0)).TakeAsync(null, 1000, Ct);
                var isIn = found is not null && (index == "by-owner" ? found.State.Owner : found.State.Status) == value;
                Assert.Equal(isIn ? 1 : 0, entries.Count(entry => entry.Id == id));
            }
        }
    }
}

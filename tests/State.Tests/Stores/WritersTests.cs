using System.Diagnostics;
using DaprMesh.Testing;

namespace DaprMesh.State.Tests.Stores;

/// <summary>64 writers at once, in one process and in two.</summary>
public sealed class WritersTests(StoreMeshes meshes) : IClassFixture<StoreMeshes>
{
    private const int Writers = 64;
    private const int Writes = 10;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, int> Cases { get; } = new() { { "state.in-memory", 1 }, { "state.in-memory", 2 }, { "state.sqlite", 1 }, { "state.sqlite", 2 } };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Cases))]
    public async Task Writers_of_one_document_lose_nothing_and_nobody_starves(string type, int replicas)
    {
        await using var processes = new Replicas(meshes[type], replicas, $"counter-{replicas}");
        var id = $"counter-{replicas}";
        await processes.Of(0).CreateAsync(id, Order.Place(id, "ann", Now), Ct);

        var times = await RunAsync(writer => processes.Of(writer).UpdateAsync(id, order => order.Add(), Ct));

        var found = await processes.Of(0).FindWithETagAsync(id, Ct);
        Assert.Equal((Writers * Writes, 1 + (Writers * Writes)), (found?.State.Count, found?.Version));
        await Eventually.TrueAsync(() => Events.Of(meshes[type], id).Count == 1 + (Writers * Writes), Ct);
        Assert.Equal(Enumerable.Range(1, 1 + (Writers * Writes)).Select(version => (long)version), Events.Of(meshes[type], id).Select(told => told.Version).Order());
        AssertFair(times);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Lists_are_complete_and_without_duplicates_while_they_are_written(string type, int replicas)
    {
        await using var processes = new Replicas(meshes[type], replicas, $"list-{replicas}");
        var old = Enumerable.Range(0, 200).Select(number => $"old-{number:000}").ToList();
        await Task.WhenAll(old.Select((id, number) => processes.Of(number).CreateAsync(id, Order.Place(id, "bob", Now.AddMinutes(number)), Ct)));

        var writing = RunAsync(async (writer, write) =>
        {
            var id = $"new-{writer:00}-{write:00}";
            await processes.Of(writer).CreateAsync(id, Order.Place(id, "bob", Now.AddMinutes((writer * 7 % 200) + write)), Ct);
            if (write % 2 == 1)
            {
                await processes.Of(writer).DeleteAsync(id, order => order.Remove(), Ct);
            }
        });
        var lists = 0;
        do
        {
            var list = await ListAsync(processes.Of(lists++), limit: 50);
            Assert.Equal(list.Count, list.Distinct().Count());
            Assert.Equal(old, list.Where(id => id.StartsWith("old", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
        while (!writing.IsCompleted);

        AssertFair(await writing);
        var all = await ListAsync(processes.Of(0), limit: 200);
        Assert.Equal(old.Count + (Writers * Writes / 2), all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    private static async Task<List<string>> ListAsync(StateStore<Order> orders, int limit)
    {
        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = await orders.ListAsync("by-owner", "bob", new PageRequest(cursor, limit), Ct);
            Assert.NotNull(page);
            all.AddRange(page.Items.Select(order => order.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    private static Task<TimeSpan[]> RunAsync(Func<int, Task> write) => RunAsync((writer, _) => write(writer));

    /// <summary>How long each writer took for all its writes.</summary>
    private static Task<TimeSpan[]> RunAsync(Func<int, int, Task> act) => Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
    {
        var started = Stopwatch.GetTimestamp();
        for (var write = 0; write < Writes; write++)
        {
            await act(writer, write);
        }

        return Stopwatch.GetElapsedTime(started);
    }, Ct)));

    private static void AssertFair(TimeSpan[] times)
    {
        var sorted = times.Order().ToList();
        Assert.InRange(sorted[^1], TimeSpan.Zero, sorted[Writers / 2] * 20);
    }

    private sealed class Replicas(Mesh mesh, int count, string prefix) : IAsyncDisposable
    {
        private readonly List<StoreProcess> _processes = [.. Enumerable.Range(0, count).Select(_ => new StoreProcess(mesh, prefix: prefix))];

        public StateStore<Order> Of(int writer) => _processes[writer % _processes.Count].Orders;

        public async ValueTask DisposeAsync()
        {
            foreach (var process in _processes)
            {
                await process.DisposeAsync();
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using DaprMesh.Sidecar.Tests;

namespace DaprMesh.Processes.Tests.Kill;

public sealed class KillTests
{
    private const int Rounds = 20;
    private static readonly TimeSpan Load = TimeSpan.FromMilliseconds(600);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_sidecars_are_killed_under_load()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        await Resources.WriteComponentAsync(
            folder.Path, "store", "state.sqlite", ct, ("connectionString", folder.File("state.db")), ("actorStateStore", "true"));
        await Resources.WriteComponentAsync(folder.Path, "pubsub", "pubsub.sqlite", ct, ("connectionString", folder.File("events.db")));

        await using var shopApp = await NotingApp.StartAsync("Cart", ct);
        await using var mailApp = await NotingApp.StartAsync("Letter", ct);
        var warnings = new ConcurrentQueue<string>(); // a delivery that failed says so at level warning
        void Note(string line)
        {
            if (!line.Contains("level=info", StringComparison.Ordinal))
                warnings.Enqueue(line);
        }

        await using var shop = RunningSidecar.Of(folder.Path, "shop", ["--app-port", shopApp.Port], Note);
        await using var mail = RunningSidecar.Of(folder.Path, "mail", ["--app-port", mailApp.Port], Note);
        await Task.WhenAll(shop.StartAsync(ct), mail.StartAsync(ct));
        await PutAsync(shop, "actors/Cart/1/reminders/always", new { dueTime = "0s", period = "1s" }, ct);
        await PutAsync(shop, "jobs/always", new { schedule = "@every 1s" }, ct);

        var writers = Enumerable.Range(0, 64).Select(number => new Writer(number)).ToList();
        var publisher = new EventPublisher();
        for (var round = 0; round < Rounds; round++)
        {
            // The first writes find the files as they were left; the kill finds everybody in the middle of something.
            var work = Task.WhenAll(
                [.. writers.Select(writer => writer.RunAsync(shop.Api, ct)), .. Enumerable.Range(0, 4).Select(_ => publisher.RunAsync(shop.Api, ct))]);
            var name = "once" + round.ToString(CultureInfo.InvariantCulture);
            await PutAsync(shop, $"actors/Cart/{round}/reminders/{name}", new { dueTime = "1500ms" }, ct);
            await PutAsync(shop, $"jobs/{name}", new { dueTime = "1500ms" }, ct);
            await Task.WhenAny(work, Task.Delay(Load, TimeProvider.System, ct));

            var isBoth = round % 2 == 0;
            await Task.WhenAll(shop.KillAsync(ct), isBoth ? mail.KillAsync(ct) : Task.CompletedTask);
            await work;
            await Task.WhenAll(shop.StartAsync(ct), isBoth ? mail.StartAsync(ct) : Task.CompletedTask);
            await Task.WhenAll(writers.Select(writer => writer.CheckAsync(shop.Api, ct)));
        }

        var events = publisher.Acknowledged;
        await ArrivedAsync(events, shopApp.Events, warnings, ct);
        await ArrivedAsync(events, mailApp.Events, warnings, ct);

        string[] once = [.. Enumerable.Range(0, Rounds).Select(round => "once" + round.ToString(CultureInfo.InvariantCulture))];
        await ArrivedAsync(once, shopApp.Reminders, warnings, ct);
        await ArrivedAsync(once, shopApp.Jobs, warnings, ct);
        await GoesOnAsync("always", shopApp.Reminders, ct);
        await GoesOnAsync("always", shopApp.Jobs, ct);

        await Task.WhenAll(shop.KillAsync(ct), mail.KillAsync(ct));
        var databases = Integrity.Of(folder.Path);
        Assert.True(databases.Count >= 3, string.Join(' ', databases.Keys));
        Assert.All(databases, database => Assert.Equal("ok", database.Value));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{writers.Sum(writer => writer.Acknowledged)} writes and {events.Count} events acknowledged; checked {string.Join(", ", databases.Keys)}");
    }

    private static async Task PutAsync<T>(RunningSidecar sidecar, string path, T body, CancellationToken ct)
    {
        var version = path.StartsWith("jobs/", StringComparison.Ordinal) ? "v1.0-alpha1" : "v1.0";
        using var answer = await sidecar.Api.PostAsJsonAsync($"{version}/{path}", body, ct);
        Assert.True((int)answer.StatusCode == 204, $"{path} answered {answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
    }

    private static Task ArrivedAsync(
        IReadOnlyList<string> sent, System.Collections.Concurrent.ConcurrentDictionary<string, int> arrived, IEnumerable<string> warnings, CancellationToken ct) => Eventually.HoldsAsync(
        () => sent.All(arrived.ContainsKey),
        TimeSpan.FromSeconds(30),
        () => $"{sent.Count(id => !arrived.ContainsKey(id))} of {sent.Count} never arrived, such as {string.Join(" ", sent.Where(id => !arrived.ContainsKey(id)).Take(10))}\n{string.Join('\n', warnings.TakeLast(50))}",
        ct);

    private static async Task GoesOnAsync(string name, System.Collections.Concurrent.ConcurrentDictionary<string, int> counts, CancellationToken ct)
    {
        var before = counts[name];
        await Eventually.HoldsAsync(() => counts[name] >= before + 2, TimeSpan.FromSeconds(15), () => $"{name} stays at {counts[name]}", ct);
    }
}

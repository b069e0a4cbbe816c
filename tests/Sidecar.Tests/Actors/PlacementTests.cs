using System.Collections.Concurrent;
using DaprMesh.Sidecar.Runtime;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Tests.Actors;

public sealed class PlacementTests
{
    /// <summary>Two runtimes with one folder see each other as two processes do: through the file and over the internal port.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task An_actor_never_runs_on_two_hosts_at_once_while_hosts_come_and_go(bool oneProcess)
    {
        using var folder = new TempFolder();
        await using var first = new SidecarRuntime(TimeProvider.System, folder.Path);
        await using var second = oneProcess ? null : new SidecarRuntime(TimeProvider.System, folder.Path);
        var running = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var clashes = new ConcurrentQueue<string>();
        var hosts = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);

        await using var a = await ActorApp.StartAsync(first);
        a.OnCall = http => TurnAsync(http, "a");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ActorApp.Ended);
        var answers = new ConcurrentQueue<int>();
        var load = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = worker; !stop.IsCancellationRequested; i += 3)
            {
                answers.Enqueue((await a.SendAsync("POST", $"actors/Cart/{i % 20}/method/add")).Status);
            }
        })).ToArray();

        for (var round = 0; round < 2; round++)
        {
            var b = await ActorApp.StartAsync(second ?? first);
            b.OnCall = http => TurnAsync(http, "b");
            await ActorApp.UntilAsync(() => b.Calls.Count > 20);
            await b.DisposeAsync();
        }

        var before = answers.Count;
        await ActorApp.UntilAsync(() => answers.Count > before + 50);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.Empty(clashes);
        Assert.All(answers, status => Assert.Equal(200, status));
        Assert.Equal(["a", "b"], hosts.Keys.Order());

        async Task TurnAsync(HttpContext http, string host)
        {
            var actor = http.Request.Path.Value!.Split('/')[3];
            hosts[host] = true;
            if (!running.TryAdd(actor, host))
            {
                clashes.Enqueue($"{actor} on {host}");
                return;
            }

            await Task.Yield();
            running.TryRemove(actor, out _);
        }
    }

    [Fact]
    public async Task A_sidecar_without_actors_calls_those_of_another_process()
    {
        using var folder = new TempFolder();
        await using var first = new SidecarRuntime(TimeProvider.System, folder.Path);
        await using var second = new SidecarRuntime(TimeProvider.System, folder.Path);
        await using var host = await ActorApp.StartAsync(first, appId: "host");
        host.OnCall = http => http.Response.WriteAsync($"{http.Request.Headers["x-dapr-remote"]} {http.Request.QueryString}", http.RequestAborted);
        await using var caller = await ActorApp.StartAsync(second, """{"entities":[]}""", "caller");

        Assert.Equal((200, "true ?a=b"), await caller.SendAsync("POST", "actors/Cart/x%20y/method/add?a=b", "{}"));

        host.OnCall = async http =>
        {
            http.Response.StatusCode = 500;
            await http.Response.WriteAsync("boom", http.RequestAborted);
        };
        var (status, body) = await caller.SendAsync("POST", "actors/Cart/c1/method/add");
        Assert.Equal(500, status);
        Assert.Contains("rpc error: code = Internal desc = error invoke actor method: error from actor service: (500) boom", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_was_killed_holds_nobody_up()
    {
        using var folder = new TempFolder();
        await using (var before = new SidecarRuntime(TimeProvider.System, folder.Path))
        {
            await using var leaves = await ActorApp.StartAsync(before);
            await before.File(folder.File(Placement.FileName("placement", "placement:1|default"))).WriteAsync(session => session.Execute(
                "INSERT INTO members (id, app_id, address, secret, types, pid, started, ack) VALUES ('killed', 'shop', '127.0.0.1:1', '', '[\"Cart\"]', 999999999, 0, 0)"));
        }

        await using var runtime = new SidecarRuntime(TimeProvider.System, folder.Path);
        await using var app = await ActorApp.StartAsync(runtime);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await app.SendAsync("POST", $"actors/Cart/{i}/method/add")).Status);
        }
    }

    [Fact]
    public void Actors_spread_over_the_hosts_and_only_the_share_of_a_new_host_moves()
    {
        var two = View("a", "b");
        var three = View("a", "b", "c");
        var ids = Enumerable.Range(0, 3000).Select(i => $"actor-{i}").ToArray();

        var moved = ids.Where(id => two.Owner("Cart", id)!.Id != three.Owner("Cart", id)!.Id).ToArray();

        Assert.All(moved, id => Assert.Equal("c", three.Owner("Cart", id)!.Id));
        Assert.InRange(moved.Length, 850, 1150);
        Assert.InRange(ids.Count(id => two.Owner("Cart", id)!.Id == "a"), 1350, 1650);
    }

    private static PlacementView View(params string[] members) => new(
        1, [.. members.Select(id => new PlacementMember(id, "shop", "", "", ["Cart"], ProcessIdentity.Current, 1))]);
}

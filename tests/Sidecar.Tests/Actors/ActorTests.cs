using DaprMesh.Sidecar.Runtime;
using DaprMesh.Sidecar.Tests.Resiliency;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Tests.Actors;

public sealed class ActorTests : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly SidecarRuntime _runtime;

    public ActorTests() => _runtime = new SidecarRuntime(_clock, registryFolder: null);

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    [Fact]
    public async Task Calls_of_one_actor_run_one_after_another()
    {
        await using var app = await ActorApp.StartAsync(_runtime);
        var running = 0;
        var most = 0;
        app.OnCall = async http =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            await http.Response.WriteAsync("done", http.RequestAborted);
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.SendAsync("POST", "actors/Cart/c1/method/add", "{}")));

        Assert.All(answers, answer => Assert.Equal((200, "done"), answer));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task An_idle_actor_is_deactivated_and_comes_back_when_it_is_called()
    {
        await using var app = await ActorApp.StartAsync(_runtime, """{"entities":["Cart"],"actorIdleTimeout":"10m"}""");
        await app.SendAsync("POST", "actors/Cart/c1/method/add");

        _clock.Advance(TimeSpan.FromMinutes(9));
        await app.SendAsync("POST", "actors/Cart/c1/method/add");
        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(0, app.Count("DELETE /actors/Cart/c1"));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await app.UntilAsync("DELETE /actors/Cart/c1");
        Assert.Equal(200, (await app.SendAsync("POST", "actors/Cart/c1/method/add")).Status);
    }

    [Fact]
    public async Task A_reentrant_call_enters_the_turn_that_made_it()
    {
        await using var app = await ActorApp.StartAsync(_runtime, """{"entities":["Cart"],"reentrancy":{"enabled":true}}""");
        app.OnCall = async http =>
        {
            if (http.Request.Path.Value!.EndsWith("/outer", StringComparison.Ordinal))
            {
                var inner = await app.SendWithIdAsync("actors/Cart/c1/method/inner", http.Request.Headers["Dapr-Reentrancy-Id"].ToString());
                await http.Response.WriteAsync(inner, http.RequestAborted);
            }
            else if (http.Request.Method == "PUT")
            {
                await http.Response.WriteAsync("inner", http.RequestAborted);
            }
        };

        Assert.Equal((200, "inner"), await app.SendAsync("POST", "actors/Cart/c1/method/outer"));
    }

    [Fact]
    public async Task A_timer_ticks_by_its_period_and_not_by_how_long_its_callback_takes()
    {
        await using var app = await ActorApp.StartAsync(_runtime);
        Assert.Equal(204, (await app.SendAsync("POST", "actors/Cart/c1/timers/t", """{"dueTime":"5s","period":"R3/PT10S"}""")).Status);
        const string tick = "PUT /actors/Cart/c1/method/timer/t";

        _clock.Advance(TimeSpan.FromSeconds(5));
        await app.UntilAsync(tick, 1);
        foreach (var times in new[] { 2, 3 })
        {
            await AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => app.Count(tick) >= times);
        }

        _clock.Advance(TimeSpan.FromHours(1));
        await app.SendAsync("POST", "actors/Cart/c1/method/after");
        Assert.Equal(3, app.Count(tick));
    }

    [Fact]
    public async Task State_is_saved_only_for_an_actor_that_is_active()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("store.yaml"), StoreYaml, ActorApp.Ended);
        await using var app = await ActorApp.StartAsync(_runtime, store: folder.Path);
        const string save = """[{"operation":"upsert","request":{"key":"k","value":{"n":1}}}]""";

        Assert.Contains("ERR_ACTOR_INSTANCE_MISSING", (await app.SendAsync("POST", "actors/Cart/c1/state", save)).Body, StringComparison.Ordinal);
        await app.SendAsync("POST", "actors/Cart/c1/method/wake");
        Assert.Equal(204, (await app.SendAsync("POST", "actors/Cart/c1/state", save)).Status);
        Assert.Equal((200, """{"n":1}"""), await app.SendAsync("GET", "actors/Cart/c1/state/k"));
    }

    internal const string StoreYaml = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: actorstore }
        spec:
          type: state.in-memory
          version: v1
          metadata: [ { name: actorStateStore, value: "true" } ]
        """;

    /// <summary>Moves the clock once, and by moments until what it starts has looked at it.</summary>
    private async Task AdvanceUntilAsync(TimeSpan by, Func<bool> condition)
    {
        _clock.Advance(by - TimeSpan.FromMilliseconds(100));
        await ActorApp.UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            return condition();
        });
    }
}

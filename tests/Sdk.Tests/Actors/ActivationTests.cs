using Dapr.Actors;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Sdk.Tests.Actors;

public sealed class ActivationTests
{
    [Fact]
    public async Task An_activation_has_a_scope_that_ends_with_it()
    {
        await using var app = await ActorApp.StartAsync();
        await app.Counter("c1").LastTickAsync();
        await app.Counter("c1").LastTickAsync();
        await app.Sidecar.TellAppAsync(HttpMethod.Delete, "/actors/CounterActor/c1");
        await app.Sidecar.TellAppAsync(HttpMethod.Delete, "/actors/CounterActor/never-seen");
        await app.Counter("c1").LastTickAsync();
        Assert.Equal(
            ["activated c1", "deactivated c1", "scope ended", "activated c1"], app.Services.GetRequiredService<ScopeLog>().Lines);
    }

    [Fact]
    public async Task The_app_tells_its_actor_types_and_settings()
    {
        await using var app = await ActorApp.StartAsync(options =>
        {
            options.ActorIdleTimeout = TimeSpan.FromHours(1);
            options.DrainOngoingCallTimeout = TimeSpan.FromSeconds(30);
            options.DrainRebalancedActors = true;
            options.ReentrancyConfig = new ActorReentrancyConfig { Enabled = true, MaxStackDepth = 8 };
            options.Actors.RegisterActor<CounterActor>("Slow", new ActorRuntimeOptions { ActorIdleTimeout = TimeSpan.FromMinutes(10) });
        });
        Assert.Equal(
            """{"entities":["CounterActor","Slow"],"actorIdleTimeout":"1h0m0s0ms","drainOngoingCallTimeout":"0h0m30s0ms","drainRebalancedActors":true,"reentrancy":{"enabled":true,"maxStackDepth":8},"entitiesConfig":[{"entities":["Slow"],"actorIdleTimeout":"0h10m0s0ms","reentrancy":{"enabled":false}}]}""",
            await app.Sidecar.TellAppAsync(HttpMethod.Get, "/dapr/config"));
        Assert.Equal("Healthy", await app.Sidecar.TellAppAsync(HttpMethod.Get, "/healthz"));
    }

    [Fact]
    public async Task A_registered_handler_carries_the_calls_of_proxies_and_of_the_runtime()
    {
        using var handler = new CountingHandler();
        await using var app = await ActorApp.StartAsync(
            options => options.DaprApiToken = "secret",
            builder => builder.Services.AddKeyedSingleton<HttpMessageHandler>("dapr", handler));
        await app.Counter("c1").AddAsync(new Step(1, null));
        Assert.Equal(3, handler.Count); // the call, reading the state, writing it
        Assert.All(app.Sidecar.Requests, request => Assert.Equal("secret", request.Headers["dapr-api-token"]));
    }

    [Fact]
    public async Task A_call_that_stays_in_the_process_inherits_nothing_from_the_turn_that_made_it()
    {
        using var handler = new InProcessHandler();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IServer>(handler);
        builder.Services.AddKeyedSingleton<HttpMessageHandler>("dapr", handler);
        builder.Services.AddSingleton<ScopeLog>();
        builder.Services.AddScoped<ScopedThing>();
        builder.Services.AddActors(options => options.Actors.RegisterActor<CounterActor>());
        await using var app = builder.Build();
        app.UseRouting();
        app.MapActorsHandlers();
        await app.StartAsync(TestContext.Current.CancellationToken);

        var counter = app.Services.GetRequiredService<IActorProxyFactory>().CreateActorProxy<ICounter>(new ActorId("a"), nameof(CounterActor));
        // 101 would mean that the inner turn saw the unsaved state of the outer one.
        Assert.Equal(1, await counter.AddThroughMyselfAsync());
        Assert.Equal(["", "first"], handler.ReentrancyIds);
    }

    [Fact]
    public void An_app_that_forgot_AddActors_is_told_so()
    {
        using var app = (IDisposable)WebApplication.CreateSlimBuilder().Build();
        Assert.Contains("AddActors", Assert.Throws<InvalidOperationException>(() => ((WebApplication)app).MapActorsHandlers()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_can_be_tested_without_a_runtime()
    {
        using var thing = new ScopedThing(new ScopeLog());
        var host = ActorHost.CreateForTest<CounterActor>(new ActorTestOptions { ActorId = new ActorId("t") });
        var actor = new CounterActor(host, thing);
        Assert.Equal(("t", "none"), (actor.Id.GetId(), await actor.LastTickAsync()));
        Assert.Contains("substitute", (await Assert.ThrowsAsync<InvalidOperationException>(actor.ReadTwiceAsync)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotSupportedException>(actor.ScheduleAsync);
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        private int _count;

        public CountingHandler()
            : base(new SocketsHttpHandler())
        {
        }

        public int Count => _count;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return base.SendAsync(request, cancellationToken);
        }
    }
}

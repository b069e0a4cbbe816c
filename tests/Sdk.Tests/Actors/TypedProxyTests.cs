using System.Text.Json;
using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;

namespace DaprMesh.Sdk.Tests.Actors;

public sealed class TypedProxyTests
{
    [Fact]
    public async Task A_typed_call_brings_back_what_the_method_returns()
    {
        await using var app = await ActorApp.StartAsync();
        Assert.Equal(3, await app.Counter("c1").AddAsync(new Step(3, "because")));
        Assert.Equal(5, await app.Counter("c1").AddAsync(new Step(2, null)));
        Assert.Equal("5", app.Sidecar.State("CounterActor/c1", "count"));
    }

    [Fact]
    public async Task Several_arguments_travel_by_name_and_the_token_stays_at_home()
    {
        await using var app = await ActorApp.StartAsync();
        Assert.Equal(7, await app.Counter("c1").AddTwiceAsync(3, 4, TestContext.Current.CancellationToken));
        var call = app.Sidecar.Requests.First();
        Assert.Equal("""{"value":{"first":3,"second":4}}""", call.Body);
        Assert.True(call.Headers.ContainsKey("X-DaprRequestHeader"));
    }

    [Fact]
    public async Task Tuples_and_nulls_survive_the_journey()
    {
        await using var app = await ActorApp.StartAsync();
        Assert.Equal((2, "a!"), await app.Counter("c1").PairAsync((1, "a")));
        Assert.Null(await app.Counter("c1").NothingAsync());
    }

    [Fact]
    public async Task An_exception_tells_its_type_and_message_to_a_typed_caller()
    {
        await using var app = await ActorApp.StartAsync();
        var told = await Assert.ThrowsAsync<ActorMethodInvocationException>(() => app.Counter("c1").AddAndThrowAsync(9));
        var inner = Assert.IsType<ActorInvokeException>(told.InnerException);
        Assert.Equal("System.InvalidTimeZoneException", inner.ActualExceptionType);
        Assert.Equal("9 is too much", inner.Message);
        Assert.Equal("ERR_ACTOR_INVOKE_METHOD", told.ErrorCode);
    }

    [Fact]
    public async Task A_refusal_of_the_sidecar_is_no_exception_of_the_actor()
    {
        await using var app = await ActorApp.StartAsync();
        var nobody = app.Proxies.CreateActorProxy<ICounter>(new ActorId("1"), "Nobody");
        app.Sidecar.AppUrl = app.Sidecar.Url + "/nobody-listens-here";
        var told = await Assert.ThrowsAsync<DaprApiException>(nobody.ResetAsync);
        Assert.Equal("ERR_ACTOR_INVOKE_METHOD", told.ErrorCode);
    }

    [Fact]
    public async Task A_typed_proxy_knows_whom_it_calls()
    {
        await using var app = await ActorApp.StartAsync();
        var known = typeof(ICounter); // in a variable, as callers have it who do not know the type
        var proxy = app.Proxies.CreateActorProxy(new ActorId("c1"), known, nameof(CounterActor));
        Assert.Equal("c1", Assert.IsAssignableFrom<IActorProxy>(proxy).ActorId.GetId());
        Assert.Equal("CounterActor", ActorReference.Get(proxy)?.ActorType);
    }

    [Fact]
    public void An_interface_that_cannot_be_called_over_the_wire_is_refused_at_once()
    {
        var factory = new ActorProxyFactory();
        var id = new ActorId("1");
        Assert.Throws<ArgumentException>(() => factory.CreateActorProxy<IOverloaded>(id, "T"));
        Assert.Throws<ArgumentException>(() => factory.CreateActorProxy<IAnswersAtOnce>(id, "T"));
        Assert.Throws<ArgumentException>(() => factory.CreateActorProxy<IAlsoDisposable>(id, "T"));
        Assert.Throws<ArgumentException>(() => factory.CreateActorProxy(id, typeof(TypedProxyTests), "T"));
    }

    [Fact]
    public void An_actor_id_is_a_JSON_string()
    {
        Assert.Equal("\"a\"", JsonSerializer.Serialize(new ActorId("a")));
        Assert.Equal(new ActorId("A"), JsonSerializer.Deserialize<ActorId>("\"a\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ActorId>("\" \""));
        Assert.Throws<ArgumentException>(() => new ActorId(" "));
    }

    public interface IOverloaded : IActor
    {
        Task DoAsync();

        Task DoAsync(int how);
    }

    public interface IAnswersAtOnce : IActor
    {
        int Do();
    }

    public interface IAlsoDisposable : IActor, IDisposable;
}

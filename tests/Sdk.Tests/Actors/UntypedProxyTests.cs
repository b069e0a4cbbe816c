using System.Net;
using System.Security.Authentication;
using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;

namespace DaprMesh.Sdk.Tests.Actors;

public sealed class UntypedProxyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_untyped_call_is_plain_JSON_both_ways()
    {
        await using var app = await ActorApp.StartAsync();
        Assert.Equal(4, await app.Untyped("c1").InvokeMethodAsync<Step, int>("AddAsync", new Step(4, null), Cancellation));
        var call = app.Sidecar.Requests.First();
        Assert.Equal("""{"by":4,"why":null}""", call.Body);
        Assert.False(call.Headers.ContainsKey("X-DaprRequestHeader"));
        Assert.Equal("none", await app.Untyped("c1").InvokeMethodAsync<string>("LastTickAsync", Cancellation));
    }

    [Fact]
    public async Task The_same_actor_serves_typed_and_untyped_callers()
    {
        await using var app = await ActorApp.StartAsync();
        await app.Counter("c1").AddAsync(new Step(1, null));
        await app.Untyped("c1").InvokeMethodAsync("AddAsync", new Step(1, null), Cancellation);
        Assert.Equal(3, await app.Counter("c1").AddAsync(new Step(1, null)));
        await app.Untyped("c1").InvokeMethodAsync("ResetAsync", Cancellation);
        Assert.Null(app.Sidecar.State("CounterActor/c1", "count"));
    }

    [Fact]
    public async Task An_exception_is_a_failed_call_to_an_untyped_caller()
    {
        await using var app = await ActorApp.StartAsync();
        var told = await Assert.ThrowsAsync<DaprApiException>(() => app.Untyped("c1").InvokeMethodAsync("AddAndThrowAsync", 9, Cancellation));
        Assert.Equal("ERR_ACTOR_INVOKE_METHOD", told.ErrorCode);
        Assert.False(told.IsTransient);
    }

    [Theory, InlineData("NoSuchMethodAsync"), InlineData("AddTwiceAsync")]
    public async Task A_method_that_is_missing_or_takes_several_arguments_fails_for_an_untyped_caller(string method)
    {
        await using var app = await ActorApp.StartAsync();
        await Assert.ThrowsAsync<DaprApiException>(() => app.Untyped("c1").InvokeMethodAsync(method, 9, Cancellation));
    }

    [Fact]
    public async Task The_sidecars_refusals_become_exceptions()
    {
        await using var app = await ActorApp.StartAsync();
        await AnswerAsync(HttpStatusCode.NotFound, "");
        Assert.Equal("ERR_DOES_NOT_EXIST", (await Assert.ThrowsAsync<DaprApiException>(CallAsync)).ErrorCode);
        await AnswerAsync(HttpStatusCode.BadRequest, """{"errorCode":"ERR_BAD_REQUEST","message":"invalid request"}""");
        var refusal = await Assert.ThrowsAsync<DaprApiException>(CallAsync);
        Assert.Equal(("ERR_BAD_REQUEST", "invalid request"), (refusal.ErrorCode, refusal.Message));
        await AnswerAsync(HttpStatusCode.BadGateway, "<html>");
        Assert.Equal("UNKNOWN", (await Assert.ThrowsAsync<DaprApiException>(CallAsync)).ErrorCode);
        await AnswerAsync(HttpStatusCode.Unauthorized, "no");
        await Assert.ThrowsAsync<AuthenticationException>(CallAsync);

        Task CallAsync() => app.Untyped("c1").InvokeMethodAsync("ResetAsync", Cancellation);

        Task AnswerAsync(HttpStatusCode status, string body)
        {
            app.Sidecar.Instead = async context =>
            {
                context.Response.StatusCode = (int)status;
                await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body), context.RequestAborted);
            };
            return Task.CompletedTask;
        }
    }

    [Theory, InlineData("with space"), InlineData("a%20b"), InlineData("käse+ürün"), InlineData("..")]
    public async Task An_id_reaches_the_sidecar_as_it_is(string id)
    {
        await using var app = await ActorApp.StartAsync();
        var seen = "";
        app.Sidecar.Instead = context =>
        {
            seen = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()?.RawTarget ?? "";
            return Task.CompletedTask;
        };
        await app.Untyped(id).InvokeMethodAsync("ResetAsync", Cancellation);
        Assert.Equal($"/v1.0/actors/CounterActor/{Uri.EscapeDataString(id)}/method/ResetAsync", seen);
    }

    [Fact]
    public async Task A_sidecar_that_does_not_answer_in_time_is_given_up()
    {
        await using var app = await ActorApp.StartAsync();
        app.Sidecar.Instead = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        var options = new ActorProxyOptions { HttpEndpoint = app.Sidecar.Url, RequestTimeout = TimeSpan.FromMilliseconds(50) };
        var given = await Assert.ThrowsAsync<TaskCanceledException>(
            () => new ActorProxyFactory(options).Create(new ActorId("c1"), "T").InvokeMethodAsync("M", Cancellation));
        Assert.IsType<TimeoutException>(given.InnerException);
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;

namespace DaprMesh.Gateway.Tests;

public sealed class FailureTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_that_does_not_exist_or_is_cut_off_is_unavailable_for_now()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var unknown = await mesh.Client.GetAsync("nowhere/", Ct);
        Assert.Equal("service.unreachable", await GatewayMesh.ProblemAsync(unknown, HttpStatusCode.ServiceUnavailable));
        Assert.NotNull(unknown.Headers.RetryAfter);

        using var cut = mesh.Mesh.Faults.CutOff("echo");
        using var unreachable = await mesh.Client.GetAsync("echo/", Ct);
        await GatewayMesh.ProblemAsync(unreachable, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Without_a_sidecar_the_gateway_says_so()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var cut = mesh.Mesh.Faults.CutOff("gateway");

        using var answer = await mesh.Client.GetAsync("echo/", Ct);

        Assert.Equal("service.unreachable", await GatewayMesh.ProblemAsync(answer, HttpStatusCode.BadGateway));
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_problem_is_told_as_json_even_to_a_browser()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        mesh.Client.DefaultRequestHeaders.Add("Accept", "text/html");

        using var answer = await mesh.Client.GetAsync("nowhere/", Ct);

        await GatewayMesh.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
    }

    [Theory, InlineData(null, 30), InlineData("00:00:07", 7)]
    public async Task An_app_that_does_not_answer_in_its_routes_time_is_a_timeout_and_hears_of_it(string? timeout, int seconds)
    {
        await using var mesh = await GatewayMesh.StartAsync(
            timeout is null ? null : new Dictionary<string, string> { ["Gateway__Routes__/echo__Timeout"] = timeout });
        var answer = mesh.Client.GetAsync("echo/waits", Ct);
        await mesh.Echo.Waiting.WaitAsync(Ct);

        mesh.Clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.False(answer.IsCompleted);
        mesh.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("service.timeout", await GatewayMesh.ProblemAsync(await answer, HttpStatusCode.GatewayTimeout));
        await mesh.Echo.Cancelled.WaitAsync(Ct);
        Assert.Equal(1, mesh.Echo.Calls("/echo/waits"));
    }

    [Theory, InlineData("GET", 2), InlineData("DELETE", 2), InlineData("POST", 1), InlineData("PATCH", 1)]
    public async Task A_call_whose_answer_was_lost_is_repeated_when_that_does_no_harm(string verb, int calls)
    {
        await using var mesh = await GatewayMesh.StartAsync(more: builder => builder.App("flaky", app => EndsOnce(app)));

        using var answer = await mesh.Client.SendAsync(new HttpRequestMessage(HttpMethod.Parse(verb), "flaky/a"), Ct);

        Assert.Equal(calls == 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_was_sent_is_not_sent_again()
    {
        await using var mesh = await GatewayMesh.StartAsync(more: builder => builder.App("flaky", app => EndsOnce(app)));

        using var answer = await mesh.Client.PutAsync("flaky/a", new StringContent("once"), Ct);

        await GatewayMesh.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Retries_can_be_turned_off_for_a_route()
    {
        await using var mesh = await GatewayMesh.StartAsync(
            new Dictionary<string, string> { ["Gateway__Routes__/flaky__Retries"] = "0" }, more: builder => builder.App("flaky", app => EndsOnce(app)));

        using var answer = await mesh.Client.GetAsync("flaky/a", Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task An_instance_that_is_gone_is_not_noticed_while_there_is_another()
    {
        await using var mesh = await GatewayMesh.StartAsync(more: builder => builder.App(
            "twins", _ => { }, app => app.Map("/twins/{**rest}", () => "here"), options => options.Replicas = 2));
        await mesh.Mesh.StopAsync("twins", 0);

        for (var i = 0; i < 6; i++)
        {
            using var answer = await mesh.Client.PostAsync("twins/a", new StringContent("body"), Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    /// <summary>Takes the first request and gives no answer.</summary>
    private static void EndsOnce(WebApplication app)
    {
        var calls = 0;
        app.Run(async http =>
        {
            await new StreamReader(http.Request.Body).ReadToEndAsync(http.RequestAborted);
            if (http.Request.Path.StartsWithSegments("/flaky") && Interlocked.Increment(ref calls) == 1)
            {
                http.Abort();
                return;
            }

            http.Response.StatusCode = 200;
        });
    }
}

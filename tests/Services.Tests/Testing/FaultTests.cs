using System.Net;
using System.Net.Http.Json;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;

namespace DaprMesh.Services.Tests.Testing;

public sealed class FaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_delivery_comes_again()
    {
        var listener = new ListenerApp("news");
        await using var mesh = await StartAsync(listener);
        mesh.Faults.Drop(times: 2, to: "listener", topic: "news");

        await PublishAsync(mesh, 1);
        await listener.GotAsync(1, Ct);

        await mesh.Events.TakenAsync("listener", "news", 1, Ct);
        Assert.Equal([null, null, 200], mesh.Events.Delivered.Select(delivered => delivered.Status));
        Assert.Equal("1", Assert.Single(mesh.Events.Published).Content.Data.GetRawText());
    }

    [Fact]
    public async Task A_lost_answer_brings_the_event_twice()
    {
        var listener = new ListenerApp("news");
        await using var mesh = await StartAsync(listener);
        mesh.Faults.LoseAnswer(to: "listener");

        await PublishAsync(mesh, 1);

        Assert.Equal([1, 1], (await listener.GotAsync(2, Ct)).Select(data => data.GetInt32()));
    }

    [Fact]
    public async Task A_duplicated_delivery_comes_twice_with_the_same_id()
    {
        var listener = new ListenerApp("news");
        await using var mesh = await StartAsync(listener);
        mesh.Faults.Duplicate(topic: "news");

        await PublishAsync(mesh, 1);
        await listener.GotAsync(2, Ct);

        var taken = await mesh.Events.TakenAsync("listener", "news", 2, Ct);
        Assert.Single(taken.Select(delivered => delivered.Content.Id).Distinct());
    }

    [Fact]
    public async Task Reordered_deliveries_change_places()
    {
        var listener = new ListenerApp("news");
        await using var mesh = await StartAsync(listener);
        mesh.Faults.Reorder(to: "listener");

        await PublishAsync(mesh, 1);
        await PublishAsync(mesh, 2);

        Assert.Equal([2, 1], (await listener.GotAsync(2, Ct)).Select(data => data.GetInt32()));
    }

    [Fact]
    public async Task A_delayed_delivery_comes_when_the_clock_says_so()
    {
        var listener = new ListenerApp("news", "weather");
        await using var mesh = await StartAsync(listener);
        mesh.Faults.Delay(TimeSpan.FromMinutes(5), topic: "news");

        await PublishAsync(mesh, 1);
        await PublishAsync(mesh, 2, "weather");
        await listener.GotAsync(1, Ct);
        Assert.Equal([2], listener.Got.Select(data => data.GetInt32()));

        await Eventually.TrueAsync(() => listener.Got.Count == 2, mesh.Clock, TimeSpan.FromMinutes(1), Ct);
        Assert.Equal([2, 1], listener.Got.Select(data => data.GetInt32()));
    }

    [Fact]
    public async Task A_failing_store_fails_as_often_as_asked()
    {
        await using var mesh = await Mesh.StartAsync(mesh => mesh.Sidecar("probe"), Ct);
        object[] state = [new { key = "a", value = 1 }];
        mesh.Faults.Fail("statestore", times: 2);

        var first = await mesh.Sidecar("probe").PostAsJsonAsync("v1.0/state/statestore", state, Ct);
        var second = await mesh.Sidecar("probe").GetAsync("v1.0/state/statestore/a", Ct);
        var third = await mesh.Sidecar("probe").PostAsJsonAsync("v1.0/state/statestore", state, Ct);

        Assert.Equal(
            [HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.NoContent],
            [first.StatusCode, second.StatusCode, third.StatusCode]);
        Assert.Contains("ERR_STATE_SAVE", await first.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_cut_off_reaches_nothing_and_is_not_reached_until_it_is_healed()
    {
        await using var mesh = await Mesh.StartAsync(mesh => mesh.App("hello", app => app.MapGet("/hi", () => "hi")).Sidecar("probe"), Ct);

        using (mesh.Faults.CutOff("hello"))
        {
            var answer = await mesh.Sidecar("probe").GetAsync("v1.0/invoke/hello/method/hi", Ct);
            Assert.Contains("ERR_DIRECT_INVOKE", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
            await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Sidecar("hello").GetAsync("v1.0/healthz", Ct));
        }

        Assert.Equal("hi", await mesh.Sidecar("probe").GetStringAsync("v1.0/invoke/hello/method/hi", Ct));
    }

    [Fact]
    public async Task A_failed_publish_is_not_recorded()
    {
        await using var mesh = await Mesh.StartAsync(mesh => mesh.Sidecar("probe"), Ct);
        mesh.Faults.Fail("pubsub");

        var answer = await mesh.Sidecar("probe").PostAsJsonAsync("v1.0/publish/pubsub/news", 1, Ct);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(mesh.Events.Published);
    }

    private static Task<Mesh> StartAsync(ListenerApp listener) =>
        Mesh.StartAsync(mesh => mesh.App("listener", listener.Map).Sidecar("probe"), Ct);

    private static async Task PublishAsync(Mesh mesh, int number, string topic = "news")
    {
        using var answer = await mesh.Sidecar("probe").PostAsJsonAsync($"v1.0/publish/pubsub/{topic}", number, Ct);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}

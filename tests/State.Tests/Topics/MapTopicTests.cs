using System.Net;
using System.Text;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.State.Tests.Topics;

/// <summary>A shop that tells of its orders, and a desk that listens.</summary>
public sealed class MapTopicTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_gets_the_event_and_what_its_envelope_says()
    {
        var taken = new List<(OrderPlaced Told, EventInfo Info)>();
        await using var mesh = await StartAsync((OrderPlaced told, EventInfo info, TimeProvider clock) =>
        {
            lock (taken)
            {
                taken.Add((told, info));
            }

            return Ack.Success;
        });
        await using var process = new StoreProcess(mesh);
        await process.Orders.CreateAsync("1", Order.Place("1", "ann", Now), Ct);

        await mesh.Events.TakenAsync("desk", "order-placed", 1, Ct);
        var (told, info) = Assert.Single(taken);
        Assert.Equal(new OrderPlaced("1", "ann"), told);
        Assert.Equal(("1", 1, mesh.Clock.GetUtcNow()), (info.EntityId, info.Version, info.Time));
        Assert.StartsWith("evt_", info.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_dropped_or_not_understood_or_fails_without_a_retry_policy_goes_to_the_dead_letters()
    {
        await using var mesh = await StartAsync((OrderPlaced told) => told.Owner switch
        {
            "dropped" => Ack.Drop,
            "fails" => throw new InvalidOperationException("not now"),
            _ => Ack.Success,
        });
        await using var process = new StoreProcess(mesh);
        await process.Orders.CreateAsync("1", Order.Place("1", "dropped", Now), Ct);
        await process.Orders.CreateAsync("2", Order.Place("2", "fails", Now), Ct);
        using var odd = await mesh.Sidecar("shop").PostAsync(
            new Uri("v1.0/publish/pubsub/order-placed", UriKind.Relative), new StringContent("""["odd"]""", Encoding.UTF8, "application/json"), Ct);

        await Eventually.TrueAsync(() => mesh.Events.Published.Count(published => published.Topic == "order-placed-dead") == 3, mesh.Clock, TimeSpan.FromSeconds(1), Ct);
    }

    [Fact]
    public async Task Only_the_sidecar_gets_in()
    {
        await using var mesh = await StartAsync((OrderPlaced _) => Ack.Success);
        const string Event = """{"id":"1","specversion":"1.0","type":"t","source":"s","data":{"orderId":"1","owner":"ann"}}""";

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(("dapr-api-token", "guess")));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(("dapr-api-token", "secret"), ("dapr-caller-app-id", "shop")));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(("dapr-api-token", "secret")));

        async Task<HttpStatusCode> PostAsync(params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "events/order-placed")
            {
                Content = new StringContent(Event, Encoding.UTF8, "application/cloudevents+json"),
            };
            foreach (var (name, value) in headers)
            {
                request.Headers.Add(name, value);
            }

            using var answer = await mesh.App("desk").SendAsync(request, Ct);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task An_inbox_does_work_once_for_an_event()
    {
        var done = 0;
        await using var mesh = await StartAsync(async (OrderPlaced _, EventInfo info, Inbox inbox, CancellationToken ct) =>
        {
            await inbox.OnceAsync(info, "count", _ => Task.FromResult(Interlocked.Increment(ref done)), ct);
        });
        mesh.Faults.Duplicate(to: "desk");
        await using var process = new StoreProcess(mesh);
        await process.Orders.CreateAsync("1", Order.Place("1", "ann", Now), Ct);

        await mesh.Events.TakenAsync("desk", "order-placed", 2, Ct);
        Assert.Equal(1, done);
    }

    private static Task<Mesh> StartAsync(Delegate handler) => Mesh.StartAsync(
        mesh => mesh
            .Sidecar("shop")
            .Sidecars(options => options.AppId == "desk" ? options with { AppApiToken = "secret" } : options)
            .App(
                "desk",
                builder =>
                {
                    builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrderJson.Default));
                    builder.Services.AddStateStore<Order>();
                },
                app =>
                {
                    app.MapSubscribeHandler();
                    app.MapTopic<OrderPlaced>(handler);
                },
                app => app.Settings["APP_API_TOKEN"] = "secret"),
        Ct);
}

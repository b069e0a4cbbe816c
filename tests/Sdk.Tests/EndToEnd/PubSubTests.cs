using System.Text.Json;
using System.Threading.Channels;
using Dapr;
using Dapr.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sdk.Tests.EndToEnd;

public sealed class PubSubTests
{
    private const string PubSub = "pubsub";

    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task An_event_arrives_typed_also_from_a_topic_with_slashes(Transport transport)
    {
        await using var app = await StartAsync(transport);
        await app.Client.PublishEventAsync(PubSub, "orders", new Order("o1", 2), Ended);
        Assert.Equal("orders o1 2", await NextAsync());

        await app.Client.PublishEventAsync(PubSub, "shop/orders/new +1", new Order("ключ/1", 3), Ended);
        Assert.Equal("deep ключ/1 3", await NextAsync());
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task Bytes_and_cloud_events_arrive_as_what_they_are(Transport transport)
    {
        await using var app = await StartAsync(transport);
        await app.Client.PublishByteEventAsync(PubSub, "orders", JsonSerializer.SerializeToUtf8Bytes(new { id = "o2", total = 4 }), cancellationToken: Ended);
        Assert.Equal("orders o2 4", await NextAsync());

        await app.Client.PublishEventAsync(
            PubSub, "envelopes", new CloudEvent<Order>(new Order("o3", 5)) { Source = new Uri("urn:test"), Type = "placed", Subject = "o3" }, Ended);
        Assert.Equal("placed urn:test o3 o3", await NextAsync());
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task Many_events_are_published_at_once_and_delivered_together(Transport transport)
    {
        await using var app = await StartAsync(transport);
        var answer = await app.Client.BulkPublishEventAsync(PubSub, "many", Enumerable.Range(1, 20).Select(i => new Order($"o{i}", i)).ToList(), cancellationToken: Ended);
        Assert.Empty(answer.FailedEntries);

        var ids = new HashSet<string>();
        while (ids.Count < 20)
            ids.Add(await NextAsync());
        Assert.Contains("many o20", ids);
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task What_the_app_cannot_take_goes_to_the_dead_letters(Transport transport)
    {
        await using var app = await StartAsync(transport);
        await app.Client.PublishEventAsync(PubSub, "broken", new Order("o4", 1), Ended);
        Assert.Equal("dead o4", await NextAsync());
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task An_unknown_broker_is_refused(Transport transport)
    {
        await using var app = await StartAsync(transport);
        var refused = await Assert.ThrowsAsync<DaprApiException>(() => app.Client.PublishEventAsync("none", "orders", new Order("o", 1), Ended));
        Assert.Equal("ERR_PUBSUB_NOT_FOUND", refused.ErrorCode);
    }

    private Task<SidecarApp> StartAsync(Transport transport) => SidecarApp.StartAsync(transport, map: app =>
    {
        app.UseCloudEvents(new CloudEventsMiddlewareOptions { ForwardCloudEventPropertiesAsHeaders = true });
        app.MapSubscribeHandler();
        app.MapPost("/orders", (Order order) => Note($"orders {order.Id} {order.Total}")).WithTopic(PubSub, "orders");
        app.MapPost("/deep", (Order order) => Note($"deep {order.Id} {order.Total}")).WithTopic(PubSub, "shop/orders/new +1");
        app.MapPost("/envelopes", (Order order, HttpRequest request) => Note(
            $"{request.Headers["Cloudevent.type"]} {request.Headers["Cloudevent.source"]} {request.Headers["Cloudevent.subject"]} {order.Id}")).WithTopic(PubSub, "envelopes");
        app.MapPost("/many", (BulkSubscribeMessage<BulkMessageModel<Order>> message) =>
        {
            foreach (var entry in message.Entries)
                Note($"many {entry.Event.Data.Id}");
            return new BulkSubscribeAppResponse([.. message.Entries.Select(entry => new BulkSubscribeAppResponseEntry(entry.EntryId, BulkSubscribeAppResponseStatus.SUCCESS))]);
        }).WithTopic(PubSub, "many").WithBulkSubscribe(new BulkSubscribeTopicOptions { TopicName = "many", MaxMessagesCount = 10, MaxAwaitDurationMs = 50 });
        app.MapPost("/broken", () => Results.StatusCode(500)).WithTopic(new TopicOptions { PubsubName = PubSub, Name = "broken", DeadLetterTopic = "dead" });
        app.MapPost("/dead", (Order order) => Note($"dead {order.Id}")).WithTopic(PubSub, "dead");
    });

    private IResult Note(string what) => _received.Writer.TryWrite(what) ? Results.Ok() : Results.StatusCode(500);

    private ValueTask<string> NextAsync() => _received.Reader.ReadAsync(Ended);

    private sealed record Order(string Id, decimal Total);
}

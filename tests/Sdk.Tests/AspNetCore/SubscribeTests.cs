using Dapr;
using Dapr.AspNetCore;
using Microsoft.AspNetCore.Builder;

namespace DaprMesh.Sdk.Tests.AspNetCore;

public sealed class SubscribeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_without_topics_subscribes_to_nothing() => Assert.Equal("[]", await SubscriptionsAsync(_ => { }));

    [Fact]
    public async Task Topics_come_ordered_with_dead_letters_bulk_and_metadata() =>
        Assert.Equal(
            """[{"topic":"orders","pubsubName":"bus","route":"orders/new","metadata":{"routingKey":"a,b","rawPayload":"true"},"deadLetterTopic":"dead","bulkSubscribe":{"enabled":true,"maxMessagesCount":250,"maxAwaitDurationMs":1000}},{"topic":"stock","pubsubName":"bus","route":"stock"}]""",
            await SubscriptionsAsync(app =>
            {
                app.MapPost("/stock", () => { }).WithTopic("bus", "stock");
                app.MapPost("/orders/new", () => { })
                    .WithTopic(new TopicOptions { PubsubName = "bus", Name = "orders", DeadLetterTopic = "dead", EnableRawPayload = true, Metadata = new Dictionary<string, string> { ["routingKey"] = "a" } })
                    .WithMetadata(new TopicMetadataAttribute("routingKey", "b"))
                    .WithBulkSubscribe(new BulkSubscribeTopicOptions { TopicName = "orders", MaxMessagesCount = 250 });
            }));

    [Fact]
    public async Task Rules_come_by_priority_with_the_default_route_apart() =>
        Assert.Equal(
            """[{"topic":"orders","pubsubName":"bus","routes":{"rules":[{"match":"event.type == \u0022a\u0022","path":"a"},{"match":"event.type == \u0022b\u0022","path":"b"}],"default":"other"}}]""",
            await SubscriptionsAsync(app =>
            {
                app.MapPost("/b", [Topic("bus", "orders", "event.type == \"b\"", 2)] () => { });
                app.MapPost("/other", [Topic("bus", "orders")] () => { });
                app.MapPost("/a", [Topic("bus", "orders", "event.type == \"a\"", 1)] () => { });
            }));

    [Fact]
    public async Task Metadata_with_an_id_belongs_to_the_topic_that_owns_it() =>
        Assert.Equal(
            """[{"topic":"a","pubsubName":"bus","route":"both","metadata":{"k":"1;2"}},{"topic":"b","pubsubName":"bus","route":"both"}]""",
            await SubscriptionsAsync(app => app.MapPost("/both",
                [Topic("bus", "a", ["mine"], ";")][Topic("bus", "b")][TopicMetadata("mine", "k", "1")][TopicMetadata("mine", "k", "2")] () => { })));

    [Fact]
    public async Task Raw_payloads_can_be_asked_for_everywhere() =>
        Assert.Equal(
            """[{"topic":"stock","pubsubName":"bus","route":"stock","metadata":{"rawPayload":"true"}}]""",
            await SubscriptionsAsync(app => app.MapPost("/stock", () => { }).WithTopic("bus", "stock"), new SubscribeOptions { EnableRawPayload = true }));

    private static async Task<string> SubscriptionsAsync(Action<WebApplication> map, SubscribeOptions? options = null)
    {
        await using var app = await AppServer.StartAsync(_ => { }, app =>
        {
            if (options is null)
                app.MapSubscribeHandler();
            else
                app.MapSubscribeHandler(options);
            map(app);
        });
        return await app.Http.GetStringAsync(new Uri("/dapr/subscribe", UriKind.Relative), Cancellation);
    }
}

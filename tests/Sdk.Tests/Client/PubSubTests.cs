using Dapr;

namespace DaprMesh.Sdk.Tests.Client;

public sealed class PubSubTests : ClientTest
{
    [Fact]
    public async Task An_event_is_json()
    {
        await Client.PublishEventAsync("bus", "orders/new", new Order("o-1", 5), new Dictionary<string, string> { ["ttlInSeconds"] = "5" }, Cancellation);
        Assert.Equal(("POST", "/v1.0/publish/bus/orders%2Fnew?metadata.ttlInSeconds=5"), (Sidecar.Single.Method, Sidecar.Single.Target));
        Assert.Equal(("application/json", """{"id":"o-1","total":5}"""), (Sidecar.Single.Header("Content-Type"), Sidecar.Single.Body));
    }

    [Fact]
    public async Task A_cloud_event_is_the_whole_envelope()
    {
        await Client.PublishEventAsync("bus", "orders", new CloudEvent<Order>(new Order("o-1", 5)) { Type = "order.paid", Source = new Uri("urn:shop"), Subject = "o-1" }, Cancellation);
        Assert.Equal("application/cloudevents+json", Sidecar.Single.Header("Content-Type"));
        Assert.Equal("""{"data":{"id":"o-1","total":5},"datacontenttype":"application/json","source":"urn:shop","type":"order.paid","subject":"o-1"}""", Sidecar.Single.Body);
    }

    [Fact]
    public async Task An_event_without_data_has_no_content_type()
    {
        await Client.PublishEventAsync("bus", "orders", Cancellation);
        await Client.PublishEventAsync("bus", "orders", new Dictionary<string, string> { ["a"] = "b" }, Cancellation);
        Assert.All(Sidecar.Received, call => Assert.Equal((null, ""), (call.Header("Content-Type"), call.Body)));
        Assert.Equal("/v1.0/publish/bus/orders?metadata.a=b", Sidecar.Received[1].Target);
    }

    [Fact]
    public async Task Bytes_keep_their_content_type()
    {
        await Client.PublishByteEventAsync("bus", "orders", "plain"u8.ToArray(), "text/plain", cancellationToken: Cancellation);
        Assert.Equal(("text/plain", "plain"), (Sidecar.Single.Header("Content-Type"), Sidecar.Single.Body));
    }

    [Fact]
    public async Task Null_is_not_an_event()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Client.PublishEventAsync<Order?>("bus", "orders", null, Cancellation));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Client.PublishEventAsync("bus", "orders", 1, (Dictionary<string, string>)null!, Cancellation));
    }

    [Fact]
    public async Task A_bulk_publish_tells_which_events_failed()
    {
        Sidecar.Answer("POST /v1.0/publish/bulk/bus/orders", 500, """{"failedEntries":[{"entryId":"1","error":"full"}],"errorCode":"ERR_PUBSUB_PUBLISH_MESSAGE"}""");
        var answer = await Client.BulkPublishEventAsync<object>("bus", "orders", [new Order("o-1", 5), new byte[] { 0, 1, 2 }], new Dictionary<string, string> { ["a"] = "b" }, Cancellation);
        var failed = Assert.Single(answer.FailedEntries);
        Assert.Equal(("1", "full", "application/octet-stream"), (failed.Entry.EntryId, failed.ErrorMessage, failed.Entry.ContentType));
        Assert.Equal("/v1.0/publish/bulk/bus/orders?metadata.a=b", Sidecar.Single.Target);
        Assert.Equal("""[{"entryId":"0","event":{"id":"o-1","total":5},"contentType":"application/json","metadata":{"a":"b"}},{"entryId":"1","event":"AAEC","contentType":"application/octet-stream","metadata":{"a":"b"}}]""", Sidecar.Single.Body);
    }

    [Fact]
    public async Task A_bulk_publish_to_an_unknown_pubsub_is_an_error()
    {
        Sidecar.Answer("POST /v1.0/publish/bulk/nope/orders", 404, """{"errorCode":"ERR_PUBSUB_NOT_FOUND","message":"pubsub nope is not found"}""");
        var error = await Assert.ThrowsAsync<DaprApiException>(() => Client.BulkPublishEventAsync("nope", "orders", [1], cancellationToken: Cancellation));
        Assert.Equal("ERR_PUBSUB_NOT_FOUND", error.ErrorCode);
    }

    [Fact]
    public async Task A_bulk_publish_that_worked_has_no_failed_events() =>
        Assert.Empty((await Client.BulkPublishEventAsync("bus", "orders", [1, 2], cancellationToken: Cancellation)).FailedEntries);
}

using System.Text;
using Dapr;
using Dapr.Client;

namespace DaprMesh.Sdk.Tests.Client;

public sealed class ComponentTests : ClientTest
{
    [Fact]
    public async Task A_binding_gets_json_data_and_gives_a_typed_answer()
    {
        Sidecar.Answer("POST /v1.0/bindings/store", 200, """{"id":"o","total":2}""");
        Assert.Equal(new Order("o", 2), await Client.InvokeBindingAsync<string, Order>("store", "get", "", new Dictionary<string, string> { ["k"] = "v" }, Cancellation));
        Assert.Equal("""{"operation":"get","data":"","metadata":{"k":"v"}}""", Sidecar.Single.Body);
    }

    [Fact]
    public async Task A_binding_without_an_answer_gives_the_default()
    {
        Assert.Null(await Client.InvokeBindingAsync<int, Order?>("mail", "create", 1, cancellationToken: Cancellation));
        await Client.InvokeBindingAsync("mail", "create", 1, cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"operation":"create","data":{"a":1},"metadata":{"fileName":"x"}}""")]
    [InlineData("plain text", """{"operation":"create","data":"plain text","metadata":{"fileName":"x"}}""")]
    [InlineData("", """{"operation":"create","metadata":{"fileName":"x"}}""")]
    public async Task A_raw_binding_call_keeps_its_data_and_gets_the_metadata(string data, string body)
    {
        Sidecar.Answer("POST /v1.0/bindings/files", 200, "raw", headers: ("Metadata.statuscode", "201"));
        var request = new BindingRequest("files", "create") { Data = Encoding.UTF8.GetBytes(data), Metadata = { ["fileName"] = "x" } };
        var answer = await Client.InvokeBindingAsync(request, Cancellation);
        Assert.Equal(body, Sidecar.Single.Body);
        Assert.Equal("raw", Encoding.UTF8.GetString(answer.Data.Span));
        Assert.Equal("201", answer.Metadata["statusCode"]);
        Assert.Same(request, answer.Request);
    }

    [Fact]
    public async Task Secrets_are_dictionaries()
    {
        Sidecar.Answer("GET /v1.0/secrets/vault/db%3Auser", 200, """{"db:user":"u"}""")
            .Answer("GET /v1.0/secrets/vault/bulk", 200, """{"db":{"user":"u","pass":"p"}}""")
            .Answer("GET /v1.0/secrets/vault/none", 500, """{"errorCode":"ERR_SECRET_GET","message":"failed getting secret with key none"}""");
        Assert.Equal("u", (await Client.GetSecretAsync("vault", "db:user", new Dictionary<string, string> { ["namespace"] = "n" }, Cancellation))["db:user"]);
        Assert.Equal("/v1.0/secrets/vault/db%3Auser?metadata.namespace=n", Sidecar.Single.Target);
        Assert.Equal("p", (await Client.GetBulkSecretAsync("vault", cancellationToken: Cancellation))["db"]["pass"]);
        var error = await Assert.ThrowsAsync<DaprApiException>(() => Client.GetSecretAsync("vault", "none", cancellationToken: Cancellation));
        Assert.Equal("ERR_SECRET_GET", error.ErrorCode);
    }

#pragma warning disable DAPR_DISTRIBUTEDLOCK // an alpha API, also in the package
    [Fact]
    public async Task A_lock_is_given_back_when_it_is_disposed()
    {
        Sidecar.Answer("POST /v1.0-alpha1/lock/locks", 200, """{"success":true}""").Answer("POST /v1.0-alpha1/unlock/locks", 200, """{"status":0}""");
        await using (var taken = await Client.Lock("locks", "inv-1", "pod-a", 30, Cancellation))
            Assert.True(taken.Success);
        Assert.Equal("""{"resourceId":"inv-1","lockOwner":"pod-a","expiryInSeconds":30}""", Sidecar.Received[0].Body);
        Assert.Equal("""{"resourceId":"inv-1","lockOwner":"pod-a"}""", Sidecar.Received[1].Body);
    }

    [Fact]
    public async Task A_lock_of_someone_else_is_not_acquired_and_cannot_be_given_back()
    {
        Sidecar.Answer("POST /v1.0-alpha1/lock/locks", 200, """{"success":false}""").Answer("POST /v1.0-alpha1/unlock/locks", 200, """{"status":2}""");
        await using (var refused = await Client.Lock("locks", "inv-1", "pod-b", 30, Cancellation))
            Assert.False(refused.Success);
        Assert.Single(Sidecar.Received);
        Assert.Equal(LockStatus.LockBelongsToOthers, (await Client.Unlock("locks", "inv-1", "pod-b", Cancellation)).status);
        await Assert.ThrowsAsync<ArgumentException>(() => Client.Lock("locks", "inv-1", "pod-b", 0, Cancellation));
    }
#pragma warning restore DAPR_DISTRIBUTEDLOCK

    [Fact]
    public async Task Metadata_is_read_and_set()
    {
        Sidecar.Answer("GET /v1.0/metadata", 200, """
            {"id":"shop","actorRuntime":{"activeActors":[{"type":"Cart","count":3}]},"extended":{"k":"v"},
             "components":[{"name":"orders","type":"state.sqlite","version":"v1","capabilities":["ETAG"]},{"name":"bus","type":"pubsub.sqlite","version":"v1"}]}
            """);
        var metadata = await Client.GetMetadataAsync(Cancellation);
        Assert.Equal(("shop", "v"), (metadata.Id, metadata.Extended["k"]));
        Assert.Equal(("Cart", 3), (Assert.Single(metadata.Actors).Type, metadata.Actors[0].Count));
        Assert.Equal([["ETAG"], []], metadata.Components.Select(c => c.Capabilities));

        await Client.SetMetadataAsync("a b", "text", Cancellation);
        Assert.Equal(("PUT", "/v1.0/metadata/a%20b", "text"), (Sidecar.Received[1].Method, Sidecar.Received[1].Target, Sidecar.Received[1].Body));
        await Client.ShutdownSidecarAsync(Cancellation);
        Assert.Equal(("POST", "/v1.0/shutdown"), (Sidecar.Received[2].Method, Sidecar.Received[2].Target));
    }

    [Fact]
    public async Task Waiting_for_the_sidecar_ends_when_its_outbound_side_is_ready()
    {
        var asked = 0;
        Sidecar.Answer("GET /v1.0/healthz/outbound", context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref asked) < 2 ? 500 : 204;
            return Task.CompletedTask;
        });
        await Client.WaitForSidecarAsync(Cancellation);
        Assert.Equal(2, asked);
        Assert.True(await Client.CheckHealthAsync(Cancellation));
    }
}

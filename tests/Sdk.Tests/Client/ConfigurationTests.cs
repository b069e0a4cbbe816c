using Dapr;

namespace DaprMesh.Sdk.Tests.Client;

public sealed class ConfigurationTests : ClientTest
{
    private const string Path = "GET /v1.0/configuration/settings";

    [Fact]
    public async Task Items_come_with_value_version_and_metadata()
    {
        Sidecar.Answer(Path, 200, """{"a":{"value":"1","version":"v2","metadata":{"m":"n"}}}""");
        var items = (await Client.GetConfiguration("settings", ["a", "b"], new Dictionary<string, string> { ["x"] = "y" }, Cancellation)).Items;
        Assert.Equal(("1", "v2", "n"), (items["a"].Value, items["a"].Version, items["a"].Metadata["m"]));
        Assert.Equal("/v1.0/configuration/settings?key=a&key=b&metadata.x=y", Sidecar.Single.Target);
    }

    [Fact]
    public async Task No_items_is_an_empty_answer() =>
        Assert.Empty((await Client.GetConfiguration("settings", [], cancellationToken: Cancellation)).Items);

    [Fact]
    public async Task A_subscription_says_that_it_stands_then_what_changed_and_ends_when_unsubscribed()
    {
        Sidecar.Answer(Path, 200, """{"a":{"value":"1"},"b":{"value":"x"}}""");
        var subscription = await Client.SubscribeConfiguration("settings", ["a", "b"], cancellationToken: Cancellation);
        await using var changes = subscription.Source.GetAsyncEnumerator(Cancellation);

        Assert.True(await changes.MoveNextAsync());
        Assert.Empty(changes.Current);
        Sidecar.Answer(Path, 200, """{"a":{"value":"2"}}""");
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(new Dictionary<string, string> { ["a"] = "2", ["b"] = "" }, changes.Current.ToDictionary(c => c.Key, c => c.Value.Value));

        Assert.True((await Client.UnsubscribeConfiguration("settings", subscription.Id, Cancellation)).Ok);
        Assert.False(await changes.MoveNextAsync());
    }

    [Fact]
    public async Task A_subscription_to_an_unknown_store_is_refused()
    {
        Sidecar.Answer(Path, 400, """{"errorCode":"ERR_CONFIGURATION_STORE_NOT_FOUND","message":"configuration store settings not found"}""");
        await Assert.ThrowsAsync<DaprApiException>(() => Client.SubscribeConfiguration("settings", ["a"], cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_subscription_that_the_sidecar_pushes_is_ended_there()
    {
        Sidecar.Answer("GET /v1.0/configuration/settings/known/unsubscribe", 200, """{"ok":true}""")
            .Answer("GET /v1.0/configuration/settings/unknown/unsubscribe", 500, """{"message":"failed to unsubscribe"}""");
        Assert.True((await Client.UnsubscribeConfiguration("settings", "known", Cancellation)).Ok);
        var refused = await Client.UnsubscribeConfiguration("settings", "unknown", Cancellation);
        Assert.Equal((false, "failed to unsubscribe"), (refused.Ok, refused.Message));
    }
}

using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Dapr;
using Dapr.Client;
using Dapr.DistributedLock;
using Dapr.DistributedLock.Extensions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Sdk.Tests.EndToEnd;

public sealed class ComponentTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task Secrets_are_read_one_by_one_and_all_at_once(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        Assert.Equal("p/+%", (await app.Client.GetSecretAsync("vault", "db:password", cancellationToken: Ended))["db:password"]);
        Assert.Equal("unicode", (await app.Client.GetSecretAsync("vault", "ключ 1", cancellationToken: Ended))["ключ 1"]);
        var all = await app.Client.GetBulkSecretAsync("vault", cancellationToken: Ended);
        Assert.Equal(["db:password", "db:user", "ключ 1"], all.Keys.Order(StringComparer.Ordinal));
        var missing = await Assert.ThrowsAsync<DaprApiException>(() => app.Client.GetSecretAsync("vault", "none", cancellationToken: Ended));
        Assert.Equal("ERR_SECRET_GET", missing.ErrorCode);
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task Configuration_is_read_and_a_change_comes_to_the_subscriber(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        await app.ConfigureAsync("colour/a+b", "red");
        await app.ConfigureAsync("size", "10");
        var items = (await app.Client.GetConfiguration("settings", ["colour/a+b"], cancellationToken: Ended)).Items;
        Assert.Equal(("colour/a+b", "red", "1"), (items.Single().Key, items["colour/a+b"].Value, items["colour/a+b"].Version));

        var subscription = await app.Client.SubscribeConfiguration("settings", ["size"], cancellationToken: Ended);
        await using var changes = subscription.Source.GetAsyncEnumerator(Ended);
        Assert.True(await changes.MoveNextAsync());
        await app.ConfigureAsync("size", "11");
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal("11", changes.Current["size"].Value);
        Assert.True((await app.Client.UnsubscribeConfiguration("settings", subscription.Id, Ended)).Ok);
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_change_of_configuration_is_pushed_to_the_app_until_it_unsubscribes(Transport transport)
    {
        var pushed = Channel.CreateUnbounded<JsonElement>();
        await using var app = await SidecarApp.StartAsync(transport, map: web =>
            web.MapPost("/configuration/settings/{key}", (JsonElement change) => pushed.Writer.TryWrite(change) ? Results.Ok() : Results.StatusCode(500)));
        using var http = new HttpClient();
        var id = await http.GetStringAsync($"{app.SidecarUrl}/v1.0/configuration/settings/subscribe?key=size", Ended);
        await app.ConfigureAsync("size", "12");
        var change = await pushed.Reader.ReadAsync(Ended);
        Assert.Equal("12", change.GetProperty("items").GetProperty("size").GetProperty("value").GetString());

        using var subscription = JsonDocument.Parse(id);
        Assert.True((await app.Client.UnsubscribeConfiguration("settings", subscription.RootElement.GetProperty("id").GetString() ?? "", Ended)).Ok);
    }

#pragma warning disable DAPR_DISTRIBUTEDLOCK // an alpha API, also in the packages
    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_lock_has_one_owner_until_it_is_given_back(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        await using (var taken = await app.Client.Lock("locks", "inv/1 +", "a", 60, Ended))
        {
            Assert.True(taken.Success);
            Assert.False((await app.Client.Lock("locks", "inv/1 +", "b", 60, Ended)).Success);
            Assert.Equal(LockStatus.LockBelongsToOthers, (await app.Client.Unlock("locks", "inv/1 +", "b", Ended)).status);
        }

        Assert.Equal(LockStatus.LockDoesNotExist, (await app.Client.Unlock("locks", "inv/1 +", "a", Ended)).status);
        Assert.True((await app.Client.Lock("locks", "inv/1 +", "b", 60, Ended)).Success);
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task The_lock_package_takes_and_gives_back_the_same_locks(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport, build: builder => builder.Services.AddDaprDistributedLock());
        using var scope = app.Services.CreateScope();
        var locks = scope.ServiceProvider.GetRequiredService<DaprDistributedLockClient>();
        await using (var taken = await locks.TryLockAsync("locks", "file", "a", 60, Ended))
        {
            Assert.Equal("file", taken?.ResourceId);
            Assert.Null(await locks.TryLockAsync("locks", "file", "b", 60, Ended));
            Assert.False((await app.Client.Lock("locks", "file", "b", 60, Ended)).Success);
            Assert.Equal(Dapr.DistributedLock.Models.LockStatus.LockBelongsToOthers, (await locks.TryUnlockAsync("locks", "file", "b", Ended)).Status);
        }

        Assert.Equal(Dapr.DistributedLock.Models.LockStatus.LockDoesNotExist, (await locks.TryUnlockAsync("locks", "file", "a", Ended)).Status);
        await Assert.ThrowsAsync<DaprException>(() => locks.TryLockAsync("none", "file", "a", 60, Ended));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => locks.TryLockAsync("locks", "file", "a", 0, Ended));
    }
#pragma warning restore DAPR_DISTRIBUTEDLOCK

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_binding_keeps_json_text_and_bytes(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        await app.Client.InvokeBindingAsync("files", "create", new { total = 2 }, Named("order 1.json"), Ended);
        Assert.Equal("""{"total":2}""", Encoding.UTF8.GetString((await SendAsync("get", "order 1.json")).Span));
        Assert.Equal(2, (await app.Client.InvokeBindingAsync<string, Order>("files", "get", "", Named("order 1.json"), Ended)).Total);

        await app.Client.InvokeBindingAsync(new BindingRequest("files", "create") { Data = "plain text"u8.ToArray(), Metadata = { ["fileName"] = "ключ.txt" } }, Ended);
        Assert.Equal("plain text", Encoding.UTF8.GetString((await SendAsync("get", "ключ.txt")).Span));
        Assert.Equal(2, JsonSerializer.Deserialize<string[]>((await SendAsync("list", null)).Span)?.Length);

        await SendAsync("delete", "ключ.txt");
        await Assert.ThrowsAsync<DaprApiException>(() => SendAsync("get", "ключ.txt"));

        async Task<ReadOnlyMemory<byte>> SendAsync(string operation, string? file)
        {
            var request = new BindingRequest("files", operation);
            if (file is not null)
                request.Metadata["fileName"] = file;
            return (await app.Client.InvokeBindingAsync(request, Ended)).Data;
        }
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task The_sidecar_says_who_it_is_and_that_it_is_well(Transport transport)
    {
        await using var app = await SidecarApp.StartAsync(transport);
        await app.Client.WaitForSidecarAsync(Ended);
        Assert.True(await app.Client.CheckHealthAsync(Ended));
        Assert.True(await app.Client.CheckOutboundHealthAsync(Ended));
        await app.Client.SetMetadataAsync("team", "a+b/ü", Ended);
        var metadata = await app.Client.GetMetadataAsync(Ended);
        Assert.Equal(("shop", "a+b/ü"), (metadata.Id, metadata.Extended["team"]));
        Assert.Contains(metadata.Components, component => component is { Name: "statestore", Type: "state.sqlite" });
    }

    private static Dictionary<string, string> Named(string file) => new() { ["fileName"] = file };

    private sealed record Order(int Total);
}

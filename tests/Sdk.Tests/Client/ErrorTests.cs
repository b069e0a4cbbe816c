using Dapr;
using Dapr.Client;
using Dapr.Common.Exceptions;

namespace DaprMesh.Sdk.Tests.Client;

public sealed class ErrorTests : ClientTest
{
    [Fact]
    public async Task The_details_of_a_refusal_can_be_read()
    {
        Sidecar.Answer("GET /v1.0/state/nope/k", 400, """
            {"errorCode":"ERR_STATE_STORE_NOT_FOUND","message":"state store nope is not found","details":[
              {"@type":"type.googleapis.com/google.rpc.BadRequest","field_violations":[{"field":"k","description":"bad"}]},
              {"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"d","url":"u"}]},
              {"@type":"type.googleapis.com/google.rpc.ResourceInfo","description":"","owner":"","resource_name":"nope","resource_type":"state"},
              {"@type":"type.googleapis.com/google.rpc.RetryInfo","retry_delay":"1.5s"},
              {"@type":"type.example/other"},
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","domain":"dapr.io","metadata":{"appID":"shop"},"reason":"DAPR_STATE_NOT_FOUND"}]}
            """);
        var error = await Assert.ThrowsAsync<DaprApiException>(() => Client.GetStateAsync<int>("nope", "k", cancellationToken: Cancellation));

        Assert.Equal("ERR_STATE_STORE_NOT_FOUND", error.ErrorCode);
        Assert.True(error.TryGetExtendedErrorInfo(out var info));
        Assert.Equal((3, "state store nope is not found"), (info.Code, info.Message));
        Assert.Equal("k", Assert.Single(Assert.IsType<DaprBadRequestDetail>(info.Details[0]).FieldViolations).Field);
        Assert.Equal("u", Assert.Single(Assert.IsType<DaprHelpDetail>(info.Details[1]).Links).Url);
        Assert.Equal("nope", Assert.IsType<DaprResourceInfoDetail>(info.Details[2]).ResourceName);
        Assert.Equal(new DaprRetryDelay(1, 500_000_000), Assert.IsType<DaprRetryInfoDetail>(info.Details[3]).Delay);
        Assert.Equal("type.example/other", Assert.IsType<DaprUnknownDetail>(info.Details[4]).TypeUrl);
        var reason = Assert.IsType<DaprErrorInfoDetail>(info.Details[5]);
        Assert.Equal(("DAPR_STATE_NOT_FOUND", "shop"), (reason.Reason, reason.Metadata?["appID"]));
    }

    [Fact]
    public async Task A_refusal_without_details_has_none()
    {
        Sidecar.Answer("GET /v1.0/state/orders/k", 401, "invalid api token\n", "text/plain");
        var error = await Assert.ThrowsAnyAsync<DaprException>(() => Client.GetStateAsync<int>("orders", "k", cancellationToken: Cancellation));
        Assert.Contains("invalid api token (HTTP 401)", error.Message, StringComparison.Ordinal);
        Assert.False(error.TryGetExtendedErrorInfo(out _));
    }

    [Fact]
    public async Task A_sidecar_that_is_not_there_is_a_dapr_exception()
    {
        await Sidecar.DisposeAsync();
        var error = await Assert.ThrowsAsync<DaprException>(() => Client.GetStateAsync<int>("orders", "k", cancellationToken: Cancellation));
        Assert.IsType<HttpRequestException>(error.InnerException);
        Assert.False(await Client.CheckHealthAsync(Cancellation));
    }

    [Fact]
    public async Task A_cancelled_call_says_so()
    {
        using var cancel = new CancellationTokenSource();
        Sidecar.Answer("GET /v1.0/state/orders/k", async context =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.GetStateAsync<int>("orders", "k", cancellationToken: cancel.Token));
    }

    [Fact]
    public async Task Empty_names_are_refused_before_any_call()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.GetStateAsync<int>("", "k", cancellationToken: Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.SaveStateAsync("orders", "", 1, cancellationToken: Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.PublishEventAsync("", "t", Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Client.GetSecretAsync("", "t", cancellationToken: Cancellation));
        Assert.Empty(Sidecar.Received);
    }

    [Fact]
    public async Task The_token_goes_with_every_call()
    {
        using var client = new DaprClientBuilder().UseHttpEndpoint(Sidecar.Endpoint).UseDaprApiToken("secret").Build();
        await client.SaveStateAsync("orders", "k", 1, cancellationToken: Cancellation);
        await client.CheckHealthAsync(Cancellation);
        using var request = client.CreateInvokeMethodRequest("cart", "add");
        using var invoker = client.CreateInvokableHttpClient("cart");
        using var response = await invoker.GetAsync(new Uri("/items", UriKind.Relative), Cancellation);
        Assert.All(Sidecar.Received, call => Assert.Equal("secret", call.Header("dapr-api-token")));
        Assert.Equal("secret", Assert.Single(request.Headers.GetValues("dapr-api-token")));
    }
}

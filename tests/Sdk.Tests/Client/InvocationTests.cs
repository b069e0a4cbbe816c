using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Dapr.Client;

namespace DaprMesh.Sdk.Tests.Client;

public sealed class InvocationTests : ClientTest
{
    [Fact]
    public async Task An_invokable_client_reaches_the_app_by_its_id_as_written()
    {
        Sidecar.Answer("POST /v1.0/invoke/Cart/method/items/7", 418, "\"teapot\"");
        using var cart = Client.CreateInvokableHttpClient("Cart");
        using var response = await cart.PostAsJsonAsync("/items/7?x=a%2Fb&y=1", new Order("o", 1), Cancellation);
        Assert.Equal((HttpStatusCode)418, response.StatusCode);
        Assert.Equal("/v1.0/invoke/Cart/method/items/7?x=a%2Fb&y=1", Sidecar.Single.Target);
        Assert.Equal("/items/7", response.RequestMessage?.RequestUri?.AbsolutePath);
    }

    [Fact]
    public async Task An_invokable_client_without_an_app_takes_it_from_each_request()
    {
        using var http = Client.CreateInvokableHttpClient();
        foreach (var app in new[] { "cart", "orders", "cart" })
            using (await http.GetAsync(new Uri($"http://{app}/"), Cancellation)) { }
        Assert.Equal(["/v1.0/invoke/cart/method/", "/v1.0/invoke/orders/method/", "/v1.0/invoke/cart/method/"], Sidecar.Received.Select(r => r.Target));
    }

    [Fact]
    public async Task The_static_factory_sends_no_token_unless_given_one()
    {
        using var plain = DaprClient.CreateInvokeHttpClient("cart", Sidecar.Endpoint);
        using var withToken = DaprClient.CreateInvokeHttpClient("cart", Sidecar.Endpoint, "t");
        using var first = await plain.GetAsync(new Uri("/a", UriKind.Relative), Cancellation);
        using var second = await withToken.GetAsync(new Uri("/a", UriKind.Relative), Cancellation);
        Assert.Equal([null, "t"], Sidecar.Received.Select(r => r.Header("dapr-api-token")));
        Assert.All(Sidecar.Received, r => Assert.StartsWith("dapr-sdk-dotnet/", r.Header("User-Agent"), StringComparison.Ordinal));
    }

    [Fact]
    public void An_app_id_must_be_a_host_name()
    {
        Assert.Throws<ArgumentException>(() => Client.CreateInvokableHttpClient("not a host"));
        Assert.Throws<ArgumentException>(() => new InvocationHandler { DaprEndpoint = "ftp://localhost" });
    }

    [Fact]
    public async Task Requests_are_made_with_method_query_and_body()
    {
        using var get = Client.CreateInvokeMethodRequest(HttpMethod.Get, "cart", "/items", [new("a b", "c&d"), new("e", "f")]);
        using var post = Client.CreateInvokeMethodRequest("cart", "items?x=1", new Order("o", 1));
        Assert.Equal((HttpMethod.Get, "/v1.0/invoke/cart/method/items?a%20b=c%26d&e=f"), (get.Method, get.RequestUri?.PathAndQuery));
        Assert.Equal((HttpMethod.Post, "/v1.0/invoke/cart/method/items?x=1"), (post.Method, post.RequestUri?.PathAndQuery));
        Assert.Equal("""{"id":"o","total":1}""", post.Content is null ? "" : await post.Content.ReadAsStringAsync(Cancellation));
    }

#pragma warning disable CS0618 // samples and older services still call these
    [Fact]
    public async Task The_older_calls_read_the_answer_and_turn_error_statuses_into_exceptions()
    {
        Sidecar.Answer("PUT /v1.0/invoke/cart/method/total", 200, """{"id":"o","total":3}""").Answer("POST /v1.0/invoke/cart/method/broken", 500, "{}");
        Assert.Equal(new Order("o", 3), await Client.InvokeMethodAsync<int, Order>(HttpMethod.Put, "cart", "total", 1, Cancellation));
        var error = await Assert.ThrowsAsync<InvocationException>(() => Client.InvokeMethodAsync("cart", "broken", Cancellation));
        Assert.Equal(("cart", "broken", HttpStatusCode.InternalServerError), (error.AppId, error.MethodName, error.Response.StatusCode));
        using var request = Client.CreateInvokeMethodRequest("cart", "broken");
        using var response = await Client.InvokeMethodWithResponseAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "http://example.test/");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.InvokeMethodWithResponseAsync(elsewhere, Cancellation));
    }
#pragma warning restore CS0618

    [Fact]
    public async Task The_trace_goes_along()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Client.SaveStateAsync("orders", "k", 1, cancellationToken: Cancellation);
        Assert.Contains(activity.TraceId.ToHexString(), Sidecar.Single.Header("traceparent"), StringComparison.Ordinal);
    }
}

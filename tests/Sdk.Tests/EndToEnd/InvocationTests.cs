using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Sdk.Tests.EndToEnd;

public sealed class InvocationTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task The_path_the_query_and_the_body_reach_the_other_app_as_they_were_sent(Transport transport)
    {
        await using var app = await StartAsync(transport);
        using var shop = app.Client.CreateInvokableHttpClient("shop");
        Assert.Equal("GET /echo/a%20b?q=1%2B2 ", await shop.GetStringAsync("/echo/a%20b?q=1%2B2", Ended));
        using var answer = await shop.PostAsJsonAsync("http://shop/echo/x", new { name = "ключ" }, Ended);
        Assert.Equal("""POST /echo/x {"name":"\u043A\u043B\u044E\u0447"}""", await answer.Content.ReadAsStringAsync(Ended));
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task What_the_app_answers_comes_back_whatever_it_is(Transport transport)
    {
        await using var app = await StartAsync(transport);
        using var shop = app.Client.CreateInvokableHttpClient();
        using var teapot = await shop.GetAsync("http://shop/teapot", Ended);
        Assert.Equal((418, "short and stout"), ((int)teapot.StatusCode, await teapot.Content.ReadAsStringAsync(Ended)));
        using var missing = await shop.GetAsync("http://shop/nowhere", Ended);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_request_message_is_made_sent_and_read(Transport transport)
    {
        await using var app = await StartAsync(transport);
        using var request = app.Client.CreateInvokeMethodRequest(HttpMethod.Put, "shop", "echo/r", [new("q", "a b")], new { n = 1 });
#pragma warning disable CS0618 // obsolete in the package too, and still what samples use
        using var answer = await app.Client.InvokeMethodWithResponseAsync(request, Ended);
        Assert.Equal("""PUT /echo/r?q=a%20b {"n":1}""", await answer.Content.ReadAsStringAsync(Ended));
        var error = await Assert.ThrowsAsync<InvocationException>(() => app.Client.InvokeMethodAsync(HttpMethod.Get, "shop", "teapot", Ended));
#pragma warning restore CS0618
        Assert.Equal(418, (int?)error.Response.StatusCode);
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_body_that_can_only_write_itself_asynchronously_arrives(Transport transport)
    {
        await using var app = await StartAsync(transport);
        using var shop = app.Client.CreateInvokableHttpClient("shop");
        using var content = new AsynchronousContent("late");
        using var answer = await shop.PostAsync("/echo/x", content, Ended);
        Assert.Equal("POST /echo/x late", await answer.Content.ReadAsStringAsync(Ended));
    }

    private static Task<SidecarApp> StartAsync(Transport transport) => SidecarApp.StartAsync(transport, map: app =>
    {
        app.MapFallback("/echo/{*rest}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            return $"{context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget} {body}";
        });
        app.MapGet("/teapot", () => Results.Text("short and stout", statusCode: 418));
    });

    private sealed class AsynchronousContent(string text) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await Task.Yield();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Ended);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

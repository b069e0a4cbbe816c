using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Gateway.Tests;

public sealed class UpgradeTests : IAsyncLifetime
{
    private readonly EchoApp _echo = new();
    private WebApplication? _app;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string AppAddress => _app?.Urls.First() ?? throw new InvalidOperationException("The app is not started.");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _echo.Map(_app);
        await _app.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _echo.Dispose();
    }

    [Fact]
    public async Task A_websocket_is_passed_through_both_ways_until_it_is_closed()
    {
        await using var mesh = await GatewayMesh.StartAsync(new Dictionary<string, string> { ["services__echo__http__0"] = AppAddress });
        using var socket = await ConnectAsync(mesh);
        Assert.Equal("echo", socket.SubProtocol);
        foreach (var text in new[] { "hello", new string('x', 900), "" })
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Ct);
            var buffer = new byte[2048];
            var got = await socket.ReceiveAsync(buffer.AsMemory(), Ct);
            Assert.Equal(text, Encoding.UTF8.GetString(buffer, 0, got.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Ct);
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task A_websocket_finds_another_instance_when_one_is_gone()
    {
        await using var mesh = await GatewayMesh.StartAsync(new Dictionary<string, string>
        {
            ["services__echo__http__0"] = "http://127.0.0.1:1", ["services__echo__http__1"] = AppAddress,
        });
        for (var i = 0; i < 4; i++)
        {
            using var socket = await ConnectAsync(mesh);
            Assert.Equal(WebSocketState.Open, socket.State);
        }
    }

    [Fact]
    public async Task Without_an_instance_an_upgrade_is_unavailable_for_now()
    {
        await using var mesh = await GatewayMesh.StartAsync(new Dictionary<string, string> { ["services__echo__http__0"] = "http://127.0.0.1:1" });
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(AddressOf(mesh), Ct));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_service_that_takes_no_websocket_answers_for_itself()
    {
        await using var mesh = await GatewayMesh.StartAsync(new Dictionary<string, string> { ["services__echo__http__0"] = AppAddress });

        var answer = await mesh.RawAsync("GET /echo/a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nX-User-Id: root\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 202 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root", answer, StringComparison.Ordinal);
    }

    private static Uri AddressOf(GatewayMesh mesh) => new UriBuilder(mesh.Address) { Scheme = "ws", Path = "/echo/socket" }.Uri;

    private static async Task<ClientWebSocket> ConnectAsync(GatewayMesh mesh)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("echo");
        await socket.ConnectAsync(AddressOf(mesh), Ct);
        return socket;
    }
}

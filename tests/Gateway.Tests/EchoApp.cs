using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Gateway.Tests;

/// <summary>A service that answers what it was asked, waits until it is let go, streams, takes WebSockets, and counts calls.</summary>
public sealed class EchoApp : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);

    /// <summary>Lets what waits go on.</summary>
    public SemaphoreSlim Go { get; } = new(0);

    /// <summary>Released by each call that has come as far as to wait.</summary>
    public SemaphoreSlim Waiting { get; } = new(0);

    /// <summary>Released by each call whose caller went away.</summary>
    public SemaphoreSlim Cancelled { get; } = new(0);

    /// <summary>How many bytes have come in at <c>/echo/count</c>.</summary>
    public long Received { get; private set; }

    public int Calls(string path) => _calls.GetValueOrDefault(path);

    public void Map(WebApplication app)
    {
        app.UseWebSockets();
        app.Use((http, next) =>
        {
            _calls.AddOrUpdate(http.Request.Path, 1, (_, calls) => calls + 1);
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = null;
            }

            return next(http);
        });
        app.MapGet("/healthz/ready", () => Results.Ok());
        app.MapGet("/echo/broken", () => Results.Text("sorry", statusCode: 500));
        app.MapGet("/echo/broken-json", () => Results.Text("""{"errorCode":"MINE"}""", "application/json", statusCode: 500));
        app.MapGet("/echo/boastful", (HttpResponse response) =>
        {
            response.Headers.Server = "echo/1.0";
            response.Headers["X-Powered-By"] = "steam";
            response.Headers["Connection"] = "X-Hop";
            response.Headers["X-Hop"] = "by hop";
            response.Headers["X-Frame-Options"] = "SAMEORIGIN";
            response.Headers.SetCookie = new[] { "a=1", "b=2" };
        });
        app.Map("/echo/waits", WaitAsync);
        app.MapGet("/echo/stream", async (HttpResponse response, CancellationToken ct) =>
        {
            await response.WriteAsync("first\n", ct);
            await response.Body.FlushAsync(ct);
            await Go.WaitAsync(ct);
            await response.WriteAsync("second\n", ct);
        });
        app.MapGet("/echo/events", EventsAsync);
        app.MapGet("/echo/breaks-off", async (HttpContext http, CancellationToken ct) =>
        {
            await http.Response.WriteAsync("half", ct);
            await http.Response.Body.FlushAsync(ct);
            await Go.WaitAsync(ct);
            http.Abort();
        });
        app.MapPost("/echo/count", CountAsync);
        app.MapGet("/echo/zeros/{count:long}", ZerosAsync);
        app.MapGet("/echo/socket", SocketAsync);
        app.Map("/{**rest}", AnswerAsync);
    }

    public void Dispose()
    {
        Go.Dispose();
        Waiting.Dispose();
        Cancelled.Dispose();
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, CancellationToken ct) => Results.Json(
        new
        {
            method = http.Request.Method,
            target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            body = await new StreamReader(http.Request.Body).ReadToEndAsync(ct),
            headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
        },
        statusCode: 202);

    private static async Task ZerosAsync(HttpResponse response, long count, CancellationToken ct)
    {
        var piece = new byte[64 * 1024];
        for (var left = count; left > 0; left -= piece.Length)
        {
            await response.Body.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), ct);
        }
    }

    private static async Task SocketAsync(HttpContext http, CancellationToken ct)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = 426;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync("echo");
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, ct) is { MessageType: not System.Net.WebSockets.WebSocketMessageType.Close } message)
        {
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, ct);
        }

        await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "bye", ct);
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        Waiting.Release();
        try
        {
            await Go.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            Cancelled.Release();
        }
    }

    private async Task EventsAsync(HttpResponse response, CancellationToken ct)
    {
        response.ContentType = "text/event-stream";
        try
        {
            for (var i = 1; ; i++)
            {
                await response.WriteAsync($"data: {i}\n\n", ct);
                await response.Body.FlushAsync(ct);
                await Go.WaitAsync(ct);
            }
        }
        catch (OperationCanceledException)
        {
            Cancelled.Release();
        }
    }

    private async Task<IResult> CountAsync(HttpRequest request, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, ct)) > 0;)
        {
            Received += read;
        }

        return Results.Json(new { Received });
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.State.Events;

/// <summary>A sidecar's delivery: checks who calls, takes the data out of the envelope and hands it to the handler.</summary>
internal static class EventRequest
{
    public static async Task HandleAsync(HttpContext http, RequestDelegate handler)
    {
        if (!await AppToken.CheckAsync(http))
        {
            return;
        }

        byte[] data;
        try
        {
            using var envelope = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            var root = envelope.RootElement;
            data = JsonMarshal.GetRawUtf8Value(root.GetProperty("data")).ToArray();
            http.Features.Set(new EventInfo(
                Text(root, "id"), Text(root, "subject"), Version(root),
                DateTimeOffset.TryParse(Text(root, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            await Ack.Drop.ExecuteAsync(http); // no redelivery will make it an event
            return;
        }

        http.Request.Body = new MemoryStream(data, writable: false);
        http.Request.ContentType = "application/json";
        http.Request.ContentLength = data.Length;
        await handler(http);
        if (http.Response is { HasStarted: false, StatusCode: StatusCodes.Status400BadRequest })
        {
            await Ack.Drop.ExecuteAsync(http); // the data is not what the topic's events look like
        }
    }

    private static string Text(JsonElement envelope, string name) =>
        envelope.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    /// <summary>Brokers and older publishers may have made a text of the number.</summary>
    private static long Version(JsonElement envelope) => envelope.TryGetProperty("entityversion", out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var number) => number,
            JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => 0,
        }
        : 0;
}

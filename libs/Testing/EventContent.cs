using System.Text.Json;

namespace DaprMesh.Testing;

/// <summary>What an event carries.</summary>
/// <param name="Id">The id of the CloudEvent; null for a raw payload.</param>
/// <param name="Data">Its <c>data</c>; the whole body when that is JSON without an envelope; undefined when there is neither.</param>
/// <param name="Body">The bytes as they were sent.</param>
public sealed record EventContent(string? Id, JsonElement Data, ReadOnlyMemory<byte> Body)
{
    /// <summary>The data as a <typeparamref name="T"/>, by the rules for JSON on the web.</summary>
    public T? As<T>() => Data.Deserialize<T>(JsonSerializerOptions.Web);

    internal static EventContent Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Of(JsonSerializer.Deserialize<JsonElement>(body.Span), body);
        }
        catch (JsonException)
        {
            return new EventContent(null, default, body);
        }
    }

    internal static EventContent Of(JsonElement json, ReadOnlyMemory<byte> body)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("specversion", out _))
        {
            return new EventContent(null, json, body);
        }

        return new EventContent(
            json.TryGetProperty("id", out var id) ? id.GetString() : null, json.TryGetProperty("data", out var data) ? data : default, body);
    }
}

/// <summary>An event that a pub/sub component accepted.</summary>
/// <param name="AppId">Whose sidecar published it.</param>
public sealed record PublishedEvent(string AppId, string PubSub, string Topic, EventContent Content, DateTimeOffset At);

/// <summary>An event on its way to an app, once for every attempt.</summary>
/// <param name="AppId">The app it goes to.</param>
/// <param name="Path">The route of the app.</param>
/// <param name="Status">What the app answered; null: nothing, or it was not reached.</param>
public sealed record DeliveredEvent(string AppId, string PubSub, string Topic, string Path, EventContent Content, int? Status, DateTimeOffset At);

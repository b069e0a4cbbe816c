using System.Globalization;
using System.Text.Json;
using Dapr.Actors.Communication;
using static Dapr.Actors.Runtime.ActorStateCache;

namespace Dapr.Actors.Runtime;

/// <summary>Reads and writes the state of one actor at the sidecar.</summary>
internal sealed class SidecarState(SidecarActor actor, JsonSerializerOptions json, TimeProvider clock)
{
    public TimeProvider Clock { get; } = clock;

    public async Task<Found<T>?> ReadAsync<T>(string key, CancellationToken cancellationToken)
    {
        using var response = await actor.ReadStateAsync(key, cancellationToken);
        using var body = new PooledBuffer();
        await body.FillAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        var expires = Expiry(response);
        if (body.Length == 0 || expires <= Clock.GetUtcNow())
            return null;
        // A stored null is a value like any other, and T says whether it may be one.
        return new Found<T>(JsonSerializer.Deserialize<T>(body.Written.Span, json)!, expires);
    }

    public async Task<bool> ContainsAsync(string key, CancellationToken cancellationToken)
    {
        using var response = await actor.ReadStateAsync(key, cancellationToken);
        using var body = new PooledBuffer();
        await body.FillAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        return body.Length > 0 && !(Expiry(response) <= Clock.GetUtcNow());
    }

    /// <summary>Writes all changes, or none of them, in one transaction.</summary>
    public Task WriteAsync(IReadOnlyList<KeyValuePair<string, Entry>> changes, CancellationToken cancellationToken) =>
        actor.WriteStateAsync(JsonBody.Written((changes, json, now: Clock.GetUtcNow()), json.Encoder, static (writer, state) =>
        {
            writer.WriteStartArray();
            foreach (var (key, entry) in state.changes)
                WriteChange(writer, key, entry, state.json, state.now);
            writer.WriteEndArray();
        }), cancellationToken);

    private static void WriteChange(Utf8JsonWriter writer, string key, Entry entry, JsonSerializerOptions json, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteString("operation"u8, entry.Change == Change.Remove ? "delete"u8 : "upsert"u8);
        writer.WriteStartObject("request"u8);
        writer.WriteString("key"u8, key);
        if (entry.Change == Change.Upsert)
        {
            writer.WritePropertyName("value"u8);
            JsonSerializer.Serialize(writer, entry.Value, entry.Type, json);
            if (entry.Expires is { } expires)
            {
                // The sidecar counts in whole seconds, and to it a TTL of nothing is no TTL at all.
                var seconds = Math.Max(1, (long)Math.Ceiling((expires - now).TotalSeconds));
                writer.WriteStartObject("metadata"u8);
                writer.WriteString("ttlInSeconds"u8, seconds.ToString(CultureInfo.InvariantCulture));
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static DateTimeOffset? Expiry(HttpResponseMessage response) =>
        response.Headers.TryGetValues(ActorHeaders.StateExpiry, out var values) && values.FirstOrDefault() is { Length: > 0 } text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : null;

    public readonly record struct Found<T>(T Value, DateTimeOffset? Expires);
}

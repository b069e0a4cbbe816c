using System.Text.Json;

namespace Dapr.Client;

/// <summary>Writes the items of state requests.</summary>
internal static class StateJson
{
    public static void WriteItem<T>(
        Utf8JsonWriter json,
        string key,
        T value,
        string? etag,
        StateOptions? options,
        IReadOnlyDictionary<string, string>? metadata,
        JsonSerializerOptions serializer)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WritePropertyName("value"u8);
        if (value is Raw raw)
            RawValue.WriteState(json, raw.Bytes.Span);
        else
            JsonSerializer.Serialize(json, value, serializer);
        WriteConditions(json, etag, options, metadata);
        json.WriteEndObject();
    }

    public static void WriteConditions(Utf8JsonWriter json, string? etag, StateOptions? options, IReadOnlyDictionary<string, string>? metadata)
    {
        if (!string.IsNullOrEmpty(etag))
            json.WriteString("etag"u8, etag);

        if (options is { } o && (o.Concurrency is not null || o.Consistency is not null))
        {
            json.WriteStartObject("options"u8);
            if (Text(o.Concurrency) is { } concurrency)
                json.WriteString("concurrency"u8, concurrency);
            if (Text(o.Consistency) is { } consistency)
                json.WriteString("consistency"u8, consistency);
            json.WriteEndObject();
        }

        if (metadata is { Count: > 0 })
            WriteMap(json, "metadata"u8, metadata);
    }

    public static void WriteMap(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    public static string? Text(ConcurrencyMode? mode) => mode switch
    {
        null => null,
        ConcurrencyMode.FirstWrite => "first-write",
        ConcurrencyMode.LastWrite => "last-write",
        _ => throw new ArgumentException($"{mode} is not a concurrency mode."),
    };

    public static string? Text(ConsistencyMode? mode) => mode switch
    {
        null => null,
        ConsistencyMode.Eventual => "eventual",
        ConsistencyMode.Strong => "strong",
        _ => throw new ArgumentException($"{mode} is not a consistency mode."),
    };
}

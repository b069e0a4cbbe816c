using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DaprMesh.State.Commits;

/// <summary>What is remembered of an idempotency key: a hash of what was asked, and the state that came of it.</summary>
internal sealed record Once<T>(string BodyHash, T State)
{
    public byte[] Write(JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("bodyHash"u8, BodyHash);
        json.WritePropertyName("state"u8);
        JsonSerializer.Serialize(json, State, type);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static Once<T> Read(ReadOnlyMemory<byte> text, JsonTypeInfo<T> type)
    {
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        return new Once<T>(
            root.GetProperty("bodyHash").GetString() ?? "",
            root.GetProperty("state").Deserialize(type) ?? throw new JsonException("An idempotency key is remembered without its state."));
    }
}

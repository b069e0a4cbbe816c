using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DaprMesh.State.Commits;

/// <summary>A document as it lies in the store: its version, a tag of its own for every write, and the state.</summary>
internal static class DocumentJson
{
    public static byte[] Write<T>(T state, long version, string etag, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNumber("version"u8, version);
        json.WriteString("etag"u8, etag);
        json.WritePropertyName("state"u8);
        JsonSerializer.Serialize(json, state, type);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">The text is no document of this type.</exception>
    public static Stored<T> Read<T>(ReadOnlySpan<byte> text, JsonTypeInfo<T> type) where T : class
    {
        var reader = new Utf8JsonReader(text);
        (T? state, string? etag, var version) = (null, null, 0L);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isVersion, isETag, isState) = (reader.ValueTextEquals("version"u8), reader.ValueTextEquals("etag"u8), reader.ValueTextEquals("state"u8));
            reader.Read();
            if (isVersion)
            {
                version = reader.GetInt64();
            }
            else if (isETag)
            {
                etag = reader.GetString();
            }
            else if (isState)
            {
                state = JsonSerializer.Deserialize(ref reader, type);
            }
            else
            {
                reader.Skip();
            }
        }

        return state is not null && etag is not null ? new Stored<T>(state, etag, version) : throw new JsonException($"This is no stored {typeof(T).Name}.");
    }

    /// <summary>Readable, and never given twice: a document that is removed and made anew has other ETags.</summary>
    public static string NewETag(long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
}

using System.Globalization;
using System.Text.Json;
using DaprMesh.Sidecar.PubSub.Json;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>What a delivery needs of an event, read in one pass over its bytes.</summary>
internal readonly record struct EventHeader(string Id, string? TraceParent, string TraceState, DateTimeOffset? Expiration)
{
    /// <summary>False when the bytes are no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out EventHeader header)
    {
        header = new("", null, "", null);
        string? traceParent = null, traceId = null, state = null, id = null;
        DateTimeOffset? expiration = null;
        var reader = new Utf8JsonReader(utf8, GoJson.Reader);
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                return !reader.Read();
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
                {
                    id = Text(ref reader);
                }
                else if (reader.ValueTextEquals("traceparent"u8))
                {
                    traceParent = Text(ref reader);
                }
                else if (reader.ValueTextEquals("traceid"u8))
                {
                    traceId = Text(ref reader);
                }
                else if (reader.ValueTextEquals("tracestate"u8))
                {
                    state = Text(ref reader);
                }
                else if (reader.ValueTextEquals("expiration"u8))
                {
                    expiration = DateTimeOffset.TryParse(Text(ref reader), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                        ? time
                        : null;
                }
                else
                {
                    reader.Skip();
                }
            }

            while (reader.Read())
            {
                // Anything behind the object is a fault that the reader raises.
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        header = new(id ?? "", traceParent ?? traceId, state ?? "", expiration);
        return true;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.ValueSpan.IsEmpty ? "" : reader.GetString();
        }

        reader.Skip();
        return null;
    }
}

using System.Text;
using System.Text.Json;

namespace Dapr.Client;

/// <summary>
/// Bytes where the HTTP API has room for JSON only. JSON goes as it stands; other state becomes a data URI,
/// which reads back as the same bytes and says to any other reader what it is.
/// </summary>
internal static class RawValue
{
    private const string DataUri = "data:application/octet-stream;base64,";

    public static void WriteState(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (IsJson(bytes))
            json.WriteRawValue(bytes, skipInputValidation: true);
        else
            json.WriteStringValue(DataUri + Convert.ToBase64String(bytes));
    }

    public static ReadOnlyMemory<byte> ReadState(byte[] body)
    {
        // The characters of the prefix are never escaped in JSON.
        if (body.Length < DataUri.Length + 2 || body[0] != '"' || !Ascii.Equals(body.AsSpan(1, DataUri.Length), DataUri))
            return body;
        var text = JsonSerializer.Deserialize<string>(body) ?? "";
        return Convert.FromBase64String(text[DataUri.Length..]);
    }

    /// <summary>A binding gets JSON as it stands, text as a JSON string and anything else in base64, as bindings expect them.</summary>
    public static void WriteBindingData(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (IsJson(bytes))
            json.WriteRawValue(bytes, skipInputValidation: true);
        else if (System.Text.Unicode.Utf8.IsValid(bytes))
            json.WriteStringValue(bytes);
        else
            json.WriteBase64StringValue(bytes);
    }

    private static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var any = false;
            while (reader.Read())
                any = true;
            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

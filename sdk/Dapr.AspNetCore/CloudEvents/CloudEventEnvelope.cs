using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Dapr.AspNetCore;

/// <summary>A CloudEvent in JSON, seen as what an endpoint wants: its data and the data's content type.</summary>
internal readonly struct CloudEventEnvelope
{
    private readonly JsonElement? _data;
    private readonly JsonElement? _base64;
    private readonly JsonElement? _contentType;

    public CloudEventEnvelope(JsonElement json)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (Is(property, "data"))
                _data ??= property.Value;
            else if (Is(property, "data_base64"))
                _base64 ??= property.Value;
            else if (Is(property, "datacontenttype"))
                _contentType ??= property.Value;
        }
    }

    /// <summary>An event has its data as JSON or as base64, never both.</summary>
    public bool IsAmbiguous => _data is not null && _base64 is not null;

    /// <summary>The body and content type for the endpoint; an event without data has neither.</summary>
    public (byte[] Body, string? ContentType) Unwrap(bool keepTextAsJson)
    {
        if (_base64 is { } base64)
            return (base64.GetBytesFromBase64(), DataContentType(out _));
        if (_data is not { } data)
            return ([], null);

        var contentType = DataContentType(out var isJson);
        return data.ValueKind != JsonValueKind.String || isJson || keepTextAsJson
            ? (JsonMarshal.GetRawUtf8Value(data).ToArray(), contentType)
            : (Encoding.UTF8.GetBytes(data.GetString() ?? ""), contentType);
    }

    // JSON of another name, such as application/vnd.x+json, comes as text from the sidecar and is passed on as that text.
    private string DataContentType(out bool isJson)
    {
        isJson = true;
        if (_contentType is not { ValueKind: JsonValueKind.String } element
            || element.GetString() is not { } text
            || !MediaTypeHeaderValue.TryParse(text, out var parsed))
        {
            return "application/json";
        }

        isJson = parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        if (!parsed.Charset.HasValue)
            return text;
        parsed.Charset = default; // the body is UTF-8 now, whatever the publisher used
        return parsed.ToString();
    }

    private static bool Is(JsonProperty property, string name) => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

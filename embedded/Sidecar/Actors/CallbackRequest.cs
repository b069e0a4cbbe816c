using System.Runtime.InteropServices;
using System.Text.Json;
using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Actors;

/// <summary>The body of a timer or reminder registration.</summary>
/// <param name="Data">Raw JSON; null when the member is missing.</param>
internal sealed record CallbackRequest(string DueTime, string Period, string Ttl, string Callback, byte[]? Data, bool? Overwrite)
{
    /// <exception cref="ApiException">The body is not JSON of that shape.</exception>
    public static CallbackRequest Read(byte[] body)
    {
        JsonElement root;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 1024 });
            if (!reader.Read())
            {
                throw ActorErrors.Malformed("EOF");
            }

            root = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw ActorErrors.Malformed(Json.GoJsonError.Explain(body));
        }

        if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            throw ActorErrors.Malformed($"json: cannot unmarshal {Kind(root)} into Go value of type struct");
        }

        return new CallbackRequest(
            Text(root, "dueTime"), Text(root, "period"), Text(root, "ttl"), Text(root, "callback"),
            Find(root, "data") is { } data ? Compact(data) : null,
            Find(root, "overwrite") is { ValueKind: JsonValueKind.True or JsonValueKind.False } overwrite ? overwrite.GetBoolean() : null);
    }

    private static byte[] Compact(JsonElement data)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(data, JsonText.Options);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            return JsonMarshal.GetRawUtf8Value(data).ToArray(); // half a surrogate pair: the app gets what was sent
        }
    }

    private static string Text(JsonElement root, string name) => Find(root, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => Json.GoJsonText.Read(text),
        { } other => throw ActorErrors.Malformed($"json: cannot unmarshal {Kind(other)} into Go struct field .{name} of type string"),
    };

    /// <summary>Go matches names without case, and the last one counts.</summary>
    private static JsonElement? Find(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? last = null;
        foreach (var member in root.EnumerateObject())
        {
            if (Json.GoJsonText.ReadName(member).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                last = member.Value;
            }
        }

        return last;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };
}

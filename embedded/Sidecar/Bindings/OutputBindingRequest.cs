using System.Buffers;
using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub.Json;

namespace DaprMesh.Sidecar.Bindings;

/// <summary>The body of <c>POST /v1.0/bindings/{name}</c>.</summary>
internal static class OutputBindingRequest
{
    /// <exception cref="ApiException">The body is not what the API takes.</exception>
    public static async ValueTask<BindingRequest> ReadAsync(ApiCall call)
    {
        byte[] body;
        try
        {
            body = await call.ReadBodyAsync();
        }
        catch (IOException e)
        {
            throw Malformed(e.Message);
        }

        if (!GoJson.TryParse(body, out var root))
        {
            throw Malformed(DaprMesh.Sidecar.Json.GoJsonError.Explain(body));
        }

        if (root.ValueKind == JsonValueKind.Null)
        {
            return new BindingRequest("", "null"u8.ToArray(), new Dictionary<string, string>());
        }

        return root.ValueKind == JsonValueKind.Object
            ? Read(root)
            : throw Malformed($"json: cannot unmarshal {GoTypes.Name(root.ValueKind)} into Go value of type http.OutputBindingRequest");
    }

    private static BindingRequest Read(JsonElement root)
    {
        var operation = "";
        var data = new ArrayBufferWriter<byte>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            switch (DaprMesh.Sidecar.Json.GoJsonText.ReadName(member).ToUpperInvariant())
            {
                case "OPERATION":
                    operation = Text(member.Value, "operation");
                    break;
                case "DATA":
                    data = new ArrayBufferWriter<byte>();
                    GoJson.Write(data, member.Value);
                    break;
                case "METADATA" when member.Value.ValueKind == JsonValueKind.Object:
                    foreach (var item in member.Value.EnumerateObject())
                    {
                        metadata[DaprMesh.Sidecar.Json.GoJsonText.ReadName(item)] = Text(item.Value, "metadata");
                    }

                    break;
                case "METADATA" when member.Value.ValueKind != JsonValueKind.Null:
                    throw Misfit(member.Value.ValueKind, "metadata", "map[string]string");
                default:
                    break;
            }
        }

        return new BindingRequest(operation, data.WrittenCount == 0 ? "null"u8.ToArray() : data.WrittenMemory, metadata);
    }

    private static string Text(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.String => GoJson.Text(value),
        JsonValueKind.Null => "",
        var kind => throw Misfit(kind, field, "string"),
    };

    private static ApiException Misfit(JsonValueKind kind, string field, string type) =>
        Malformed($"json: cannot unmarshal {GoTypes.Name(kind)} into Go struct field OutputBindingRequest.{field} of type {type}");

    private static ApiException Malformed(string reason) => new(400, "ERR_MALFORMED_REQUEST", $"failed deserializing HTTP body: {reason}");
}

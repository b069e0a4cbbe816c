using System.Runtime.InteropServices;
using System.Text.Json;
using DaprMesh.Sidecar.Json;

namespace DaprMesh.Sidecar.State;

/// <summary>One operation of a transaction, as it came.</summary>
internal sealed class TransactionOperation(StateOperationKind kind)
{
    public StateOperationKind Kind { get; } = kind;

    /// <summary>As the app names it.</summary>
    public string Key { get; private set; } = "";

    /// <summary>JSON in the form it is stored in.</summary>
    public ReadOnlyMemory<byte> Value { get; private set; } = "null"u8.ToArray();

    public string? ETag { get; private set; }

    public string? Concurrency { get; private set; }

    public string? Consistency { get; private set; }

    public string? ContentType { get; private set; }

    public Dictionary<string, string> Metadata { get; private set; } = [];

    /// <summary>Reads the operation's <c>request</c>, which is in the form of <see cref="GoJson"/>; member names compare without case.</summary>
    /// <exception cref="JsonException">A member has a type it cannot have; the message is daprd's.</exception>
    public static TransactionOperation Read(StateOperationKind kind, JsonElement request)
    {
        var operation = new TransactionOperation(kind);
        var faults = new List<string>();
        if (request.ValueKind == JsonValueKind.Object)
        {
            operation.ReadMembers(request, faults);
        }
        else if (request.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
        {
            faults.Add($"'' expected a map, got '{Kinds.Of(request)}'");
        }

        if (faults.Count > 0)
        {
            faults.Sort(StringComparer.Ordinal);
            throw new JsonException($"{faults.Count} error(s) decoding:\n\n{string.Join('\n', faults.Select(fault => "* " + fault))}");
        }

        return operation;
    }

    private void ReadMembers(JsonElement request, List<string> faults)
    {
        foreach (var member in request.EnumerateObject())
        {
            switch (member.Name.ToUpperInvariant())
            {
                case "KEY":
                    Key = Text(member.Value, "Key", faults) ?? "";
                    break;
                case "VALUE" when Kind == StateOperationKind.Upsert:
                    Value = JsonMarshal.GetRawUtf8Value(member.Value).ToArray();
                    break;
                case "ETAG":
                    ETag = Text(member.Value, "ETag", faults);
                    break;
                case "METADATA":
                    ReadMetadata(member.Value, faults);
                    break;
                case "CONTENTTYPE" when Kind == StateOperationKind.Upsert:
                    ContentType = Text(member.Value, "ContentType", faults);
                    break;
                case "OPTIONS":
                    ReadOptions(member.Value, faults);
                    break;
            }
        }
    }

    private void ReadMetadata(JsonElement metadata, List<string> faults)
    {
        if (!IsMap(metadata, "Metadata", faults))
        {
            return;
        }

        foreach (var entry in metadata.EnumerateObject())
        {
            Metadata[entry.Name] = Text(entry.Value, $"Metadata[{entry.Name}]", faults) ?? "";
        }
    }

    private void ReadOptions(JsonElement options, List<string> faults)
    {
        if (!IsMap(options, "Options", faults))
        {
            return;
        }

        foreach (var option in options.EnumerateObject())
        {
            switch (option.Name.ToUpperInvariant())
            {
                case "CONCURRENCY":
                    Concurrency = Text(option.Value, "Options.Concurrency", faults);
                    break;
                case "CONSISTENCY":
                    Consistency = Text(option.Value, "Options.Consistency", faults);
                    break;
            }
        }
    }

    private static bool IsMap(JsonElement value, string name, List<string> faults)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            faults.Add($"'{name}' expected a map, got '{Kinds.Of(value)}'");
        }

        return value.ValueKind == JsonValueKind.Object;
    }

    private static string? Text(JsonElement value, string name, List<string> faults)
    {
        if (value.ValueKind is JsonValueKind.String)
        {
            return Json.GoJsonText.Read(value);
        }

        if (value.ValueKind is not JsonValueKind.Null)
        {
            var type = value.ValueKind switch
            {
                JsonValueKind.Object => "map[string]interface {}",
                JsonValueKind.Array => "[]interface {}",
                _ => Kinds.Of(value),
            };
            faults.Add($"'{name}' expected type 'string', got unconvertible type '{type}', value: '{GoValue.Format(value)}'");
        }

        return null;
    }

    /// <summary>Go's names for what JSON decodes into.</summary>
    private static class Kinds
    {
        public static string Of(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Array => "slice",
            JsonValueKind.Object => "map",
            JsonValueKind.Number => "float64",
            JsonValueKind.String => "string",
            _ => "bool",
        };
    }
}

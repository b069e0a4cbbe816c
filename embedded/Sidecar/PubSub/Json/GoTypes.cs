using System.Text.Json;

namespace DaprMesh.Sidecar.PubSub.Json;

/// <summary>What Go's encoding/json calls the kinds of JSON values.</summary>
internal static class GoTypes
{
    public static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };
}

using System.Text;
using System.Text.Json;

namespace DaprMesh.Sidecar.Json;

/// <summary>A decoded JSON value as Go's fmt prints it with <c>%v</c>; daprd does that to values it has no better form for.</summary>
internal static class GoValue
{
    /// <param name="json">In the form of <see cref="GoJson"/>.</param>
    public static string Format(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = GoJson.MaxDepth });
        return Format(document.RootElement);
    }

    public static byte[] Bytes(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetBytes(Format(json));

    public static string Format(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return GoJsonText.Read(value);
        }

        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append("map[");
                var first = true;
                foreach (var member in value.EnumerateObject())
                {
                    text.Append(first ? "" : " ").Append(GoJsonText.ReadName(member)).Append(':');
                    Append(text, member.Value);
                    first = false;
                }

                text.Append(']');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                for (var i = 0; i < value.GetArrayLength(); i++)
                {
                    text.Append(i == 0 ? "" : " ");
                    Append(text, value[i]);
                }

                text.Append(']');
                break;
            case JsonValueKind.Number:
                text.Append(GoNumber.Format(value.GetDouble()));
                break;
            case JsonValueKind.String:
                text.Append(GoJsonText.Read(value));
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                text.Append("<nil>");
                break;
        }
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DaprMesh.Golden.Tests.Comparison;

/// <summary>Sorts a list that has no order of its own the way the recorder did.</summary>
internal static class SortedList
{
    private static readonly JsonSerializerOptions AsItReads = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// <paramref name="sortedBy"/> is a member of the elements ("key"), or a path to a list and on to the member
    /// ("entries[].event.data").
    /// </summary>
    public static JsonNode Sort(JsonNode json, string sortedBy)
    {
        var bracket = sortedBy.IndexOf("[].", StringComparison.Ordinal);
        if (bracket < 0)
            return json is JsonArray list ? Sorted(list, sortedBy) : json;

        var member = sortedBy[..bracket];
        if (json[member] is JsonArray inner)
            json[member] = Sorted(inner, sortedBy[(bracket + 3)..]);
        return json;
    }

    public static string Key(JsonNode? element, string path)
    {
        foreach (var member in path.Split('.'))
            element = element is JsonObject container ? container[member] : null;
        return element?.ToJsonString(AsItReads) ?? "";
    }

    private static JsonArray Sorted(JsonArray list, string path) =>
        new(list.OrderBy(element => Key(element, path), StringComparer.Ordinal)
            .Select(element => element?.DeepClone()).ToArray());
}

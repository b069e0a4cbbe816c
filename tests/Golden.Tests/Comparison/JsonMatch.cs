using System.Text.Json;
using System.Text.Json.Nodes;

namespace DaprMesh.Golden.Tests.Comparison;

/// <summary>Compares JSON by value: members have no order, and lists have none where the caller says so.</summary>
internal sealed class JsonMatch(Placeholders placeholders, bool listsHaveNoOrder)
{
    public bool Matches(JsonNode? expected, JsonNode? actual) => (expected, actual) switch
    {
        (null, null) => true,
        (JsonObject wanted, JsonObject given) => MatchObject(wanted, given),
        (JsonArray wanted, JsonArray given) => listsHaveNoOrder ? MatchSet(wanted, given) : MatchList(wanted, given),
        (JsonValue wanted, JsonValue given) => MatchValue(wanted, given),
        _ => false,
    };

    private bool MatchObject(JsonObject expected, JsonObject actual) =>
        expected.Count == actual.Count
        && expected.All(member => actual.TryGetPropertyValue(member.Key, out var value) && Matches(member.Value, value));

    private bool MatchList(JsonArray expected, JsonArray actual) =>
        expected.Count == actual.Count && expected.Zip(actual).All(pair => Matches(pair.First, pair.Second));

    private bool MatchSet(JsonArray expected, JsonArray actual)
    {
        if (expected.Count != actual.Count)
            return false;

        var left = actual.ToList();
        foreach (var wanted in expected)
        {
            var before = placeholders.Snapshot();
            var found = left.FindIndex(given =>
            {
                placeholders.Restore(before);
                return Matches(wanted, given);
            });
            if (found < 0)
                return false;
            left.RemoveAt(found);
        }

        return true;
    }

    private bool MatchValue(JsonValue expected, JsonValue actual)
    {
        if (expected.GetValueKind() == JsonValueKind.String)
            return placeholders.Matches(
                expected.GetValue<string>(),
                actual.GetValueKind() == JsonValueKind.String ? actual.GetValue<string>() : actual.ToJsonString());
        return JsonNode.DeepEquals(expected, actual);
    }
}

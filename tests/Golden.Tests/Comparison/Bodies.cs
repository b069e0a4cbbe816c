using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Comparison;

internal static class Bodies
{
    private const int Shown = 1500;

    /// <summary>The differences between a recorded body and the bytes that came.</summary>
    public static IEnumerable<string> Differences(
        RecordedBody? expected, byte[] actual, bool listsHaveNoOrder, Placeholders placeholders)
    {
        if (expected is null)
        {
            if (actual.Length > 0)
                yield return $"body: expected none, got {Show(actual)}";
        }
        else if (expected.Base64 is not null)
        {
            if (expected.Base64 != Convert.ToBase64String(actual))
                yield return $"body: expected base64 {expected.Base64}, got {Convert.ToBase64String(actual)}";
        }
        else if (expected.Parts is not null)
        {
            if (expected.Length != actual.Length
                || expected.Sha256 != Convert.ToHexStringLower(SHA256.HashData(actual)))
                yield return $"body: expected {expected.Length} bytes {expected.Parts.ToJsonString()}, got {actual.Length} bytes {Show(actual)}";
        }
        else if (!Equal(expected, Encoding.UTF8.GetString(actual), listsHaveNoOrder, placeholders))
        {
            yield return $"body: expected {Visible(placeholders.Expand(expected.Text!))}\n            got      {Visible(Show(actual))}";
        }
    }

    private static bool Equal(RecordedBody expected, string actual, bool listsHaveNoOrder, Placeholders placeholders)
    {
        if (expected.Json is null || (!listsHaveNoOrder && expected.SortedBy is null))
            return placeholders.Matches(expected.Text!, actual);
        if (Parse(actual) is not { } json)
            return false;

        return new JsonMatch(placeholders, listsHaveNoOrder).Matches(
            expected.Json, expected.SortedBy is null ? json : SortedList.Sort(json, expected.SortedBy));
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A line end at the end is a difference that nobody would see otherwise.
    private static string Visible(string text) => text.Replace("\n", "⏎", StringComparison.Ordinal);

    private static string Show(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.Length <= Shown ? text : $"{text[..Shown]}… ({bytes.Length} bytes)";
    }
}

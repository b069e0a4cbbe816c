using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprMesh.Golden.Tests.Replay;

namespace DaprMesh.Golden.Tests.Facts;

internal static partial class MailFacts
{
    [GeneratedRegex("=(?<hex>[0-9A-Fa-f]{2})")]
    private static partial Regex EncodedByte { get; }

    /// <summary>A mail as a recording writes it: recipients and headers sorted, the body decoded.</summary>
    public static JsonObject Describe(Mail mail)
    {
        var end = mail.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = mail.Text[..end].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n");
        return new JsonObject
        {
            ["from"] = mail.From,
            ["to"] = Sorted(mail.To),
            ["headers"] = Sorted(headers),
            ["body"] = Decode(mail.Text[(end + 4)..].TrimEnd('\r', '\n')),
        };
    }

    private static JsonArray Sorted(IEnumerable<string> values) =>
        new(values.Order(StringComparer.Ordinal).Select(value => (JsonNode?)value).ToArray());

    private static string Decode(string quotedPrintable)
    {
        var joined = quotedPrintable.Replace("=\r\n", "", StringComparison.Ordinal);
        var bytes = EncodedByte.Replace(joined, match =>
            ((char)byte.Parse(match.Groups["hex"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DaprMesh.Golden.Tests.Facts;

/// <summary>Names, types and labels in what the metrics port answers; only Dapr's own metrics are recorded.</summary>
internal static partial class MetricFacts
{
    [GeneratedRegex("(?<label>[a-z_]+)=\"")]
    private static partial Regex Label { get; }

    public static JsonObject Types(string exposition) => new(Lines(exposition)
        .Where(line => line.StartsWith("# TYPE dapr_", StringComparison.Ordinal))
        .Select(line => line.Split(' '))
        .Select(words => KeyValuePair.Create(words[2], (JsonNode?)words[3])));

    public static JsonObject Labels(string exposition) => new(Samples(exposition)
        .GroupBy(line => line[..line.IndexOfAny(['{', ' '])])
        .Select(group => KeyValuePair.Create(group.Key, (JsonNode?)new JsonArray(Label.Matches(group.First())
            .Select(match => match.Groups["label"].Value)
            .Order(StringComparer.Ordinal)
            .Select(label => (JsonNode?)label)
            .ToArray()))));

    public static JsonArray Counters(string exposition) => new(Samples(exposition)
        .Where(line => line.Contains("_count{", StringComparison.Ordinal) || line.Contains("_total{", StringComparison.Ordinal))
        .Select(line => (JsonNode?)line)
        .ToArray());

    private static IEnumerable<string> Samples(string exposition) =>
        Lines(exposition).Where(line => line.StartsWith("dapr_", StringComparison.Ordinal));

    private static string[] Lines(string exposition) => exposition.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

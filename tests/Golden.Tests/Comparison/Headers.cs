using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Comparison;

/// <summary>
/// Compares headers. A recording leaves out the ones that every HTTP message has or that tracing adds, unless the
/// scenario is about them; so these are compared in a scenario that shows them at least once.
/// </summary>
internal sealed class Headers(IEnumerable<HeaderSet> recorded)
{
    private static readonly string[] UsuallyLeftOut =
    [
        "accept", "connection", "content-length", "date", "host", "keep-alive",
        "metadata.date", "traceparent", "tracestate",
        "transfer-encoding", "user-agent",
    ];

    private static readonly string[] NeverRecorded = ["accept-encoding"];

    // The machine that recorded was called vm; daprd writes the machine's name into the forwarding headers.
    private static readonly string[] NameTheMachine = ["forwarded", "x-forwarded-host"];

    private readonly HashSet<string> _ignored = UsuallyLeftOut
        .Except(recorded.SelectMany(headers => headers.Keys))
        .Concat(NeverRecorded)
        .ToHashSet();

    public IEnumerable<string> Differences(HeaderSet expected, HeaderSet actual, Placeholders placeholders)
    {
        foreach (var (name, wanted) in expected.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            if (!actual.TryGetValue(name, out var given))
                yield return $"header {name}: expected {Show(wanted.Select(placeholders.Expand))}, got none";
            else if (!Equal(name, wanted, given, placeholders))
                yield return $"header {name}: expected {Show(wanted.Select(placeholders.Expand))}, got {Show(given)}";
        }

        foreach (var (name, given) in actual.Where(header => !expected.ContainsKey(header.Key) && !IsIgnored(header)))
            yield return $"header {name}: expected none, got {Show(given)}";
    }

    private bool IsIgnored(KeyValuePair<string, IReadOnlyList<string>> header) =>
        _ignored.Contains(header.Key) || header is { Key: "content-length", Value: ["0"] };

    private static bool Equal(
        string name, IReadOnlyList<string> expected, IReadOnlyList<string> actual, Placeholders placeholders)
    {
        var onThisMachine = expected.Select(value => OnThisMachine(name, value)).ToList();
        if (expected.Count == actual.Count)
            return onThisMachine.Zip(actual).All(pair => placeholders.Matches(pair.First, pair.Second));

        // Several lines of a header and one line with their values joined say the same, cookies excepted.
        return name != "set-cookie" && placeholders.Matches(string.Join(", ", onThisMachine), string.Join(", ", actual));
    }

    private static string OnThisMachine(string name, string value)
    {
        if (!NameTheMachine.Contains(name))
            return value;
        return value == "vm"
            ? Environment.MachineName
            : value.Replace("host=vm", $"host={Environment.MachineName}", StringComparison.Ordinal);
    }

    private static string Show(IEnumerable<string> values) => string.Join(" | ", values.Select(value => $"'{value}'"));
}

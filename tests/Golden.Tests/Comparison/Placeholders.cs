using System.Text;
using System.Text.RegularExpressions;

namespace DaprMesh.Golden.Tests.Comparison;

/// <summary>
/// The placeholders of one scenario. Some values the replay chose beforehand ($appPort, $dir), the others the sidecar
/// chooses ($etag1, $uuid1): those are bound by the first text they match and have to be equal from then on.
/// </summary>
internal sealed partial class Placeholders
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private const string Known =
        @"\$(?:(?:uuid|etag|trace|span|streamId|time)\d+|(?:port|ptr|duration|hostName|daprdVersion|dir)\b|[A-Za-z][A-Za-z0-9-]*Port\b)";

    [GeneratedRegex($@"(?<!\\)""(?<name>{Known})""|(?<name>{Known})", RegexOptions.ExplicitCapture)]
    private static partial Regex Name { get; }

    public void Choose(string name, string value) => _values[name] = value;

    /// <summary>Every $…Port that stands somewhere in a text.</summary>
    public static IEnumerable<string> PortsIn(string text) => Name.Matches(text)
        .Select(match => match.Groups["name"].Value)
        .Where(name => name.EndsWith("Port", StringComparison.Ordinal))
        .Distinct();

    /// <summary>Fills in the placeholders whose value is known.</summary>
    public string Expand(string text) => Name.Replace(text, match =>
    {
        var name = match.Groups["name"];
        return _values.TryGetValue(name.Value, out var value)
            ? match.Value.Replace(name.Value, value, StringComparison.Ordinal)
            : match.Value;
    });

    /// <summary>Whether a text is the expected one; if so, its unknown placeholders are bound.</summary>
    public bool Matches(string expected, string actual)
    {
        if (expected == actual)
            return true;

        var groups = new Dictionary<string, string>();
        var match = Regex.Match(actual, Pattern(expected, groups), RegexOptions.Singleline);
        if (!match.Success)
            return false;

        var found = groups
            .Select(group => (Name: group.Key, match.Groups[group.Value].Value))
            .Where(pair => IsPromisedEqual(pair.Name))
            .ToList();
        if (found.Any(pair => IsTaken(pair.Name, pair.Value)))
            return false;

        foreach (var (name, value) in found)
            _values[name] = value;
        return true;
    }

    /// <summary>What has been bound so far, to go back to after an attempt that led nowhere.</summary>
    public IReadOnlyDictionary<string, string> Snapshot() => new Dictionary<string, string>(_values);

    public void Restore(IReadOnlyDictionary<string, string> snapshot)
    {
        _values.Clear();
        foreach (var (name, value) in snapshot)
            _values[name] = value;
    }

    private string Pattern(string expected, Dictionary<string, string> groups)
    {
        var pattern = new StringBuilder("^");
        var at = 0;
        foreach (Match match in Name.Matches(expected))
        {
            pattern.Append(Regex.Escape(expected[at..match.Index]));
            var value = ValuePattern(match.Groups["name"].Value, groups);
            // A recording writes a placeholder as text also where the sidecar sends a number.
            pattern.Append(match.Value[0] == '"' ? $"\"?{value}\"?" : value);
            at = match.Index + match.Length;
        }

        return pattern.Append(Regex.Escape(expected[at..])).Append('$').ToString();
    }

    private string ValuePattern(string name, Dictionary<string, string> groups)
    {
        if (_values.TryGetValue(name, out var value))
            return Regex.Escape(value);
        if (groups.TryGetValue(name, out var group))
            return $@"\k<{group}>";
        if (!char.IsAsciiDigit(name[^1]))
            return name == "$port" ? @"\d+" : @"[^""\s]+?";

        groups[name] = group = $"g{groups.Count}";
        return $"(?<{group}>{Kind(name) switch
        {
            "$uuid" => "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
            "$trace" => "[0-9a-f]{32}",
            "$span" => "[0-9a-f]{16}",
            "$time" => @"[^""]*\d\d[^""]*",
            _ => @"[^""\s]+",
        }})";
    }

    // The recorder gave equal names to equal values, so that two names are two values.
    private bool IsTaken(string name, string value) =>
        _values.Any(pair => pair.Value == value && pair.Key != name && Kind(pair.Key) == Kind(name));

    private static bool IsPromisedEqual(string name) => Kind(name) != "$time";

    private static string Kind(string name) => name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
}

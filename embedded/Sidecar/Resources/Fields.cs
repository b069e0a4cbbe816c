using System.Globalization;
using DaprMesh.Sidecar.Jobs;

namespace DaprMesh.Sidecar.Resources;

/// <summary>The fields of one YAML map, read by name and type; what does not fit is told with file, line and field.</summary>
/// <param name="exactNames">
/// False: names compare without case, as in Dapr's resources, whose files are read by way of JSON. Configuration files want the exact name.
/// </param>
internal sealed class Fields(YamlNode node, string file, string path = "", bool exactNames = false)
{
    /// <summary>Go counts durations in nanoseconds of 64 bits.</summary>
    private const long MaxMilliseconds = long.MaxValue / 1_000_000;

    public int Line => node.Line;

    public YamlNode? Node(string name)
    {
        var found = node.Find(name) ?? (exactNames ? null : node.Find(name, StringComparison.OrdinalIgnoreCase));
        return found is null or { IsNull: true } ? null : found;
    }

    public string? Text(string name) => Node(name) is { } value ? TextOf(value, PathOf(name)) : null;

    public string Text(string name, string absent) => Text(name) is { Length: > 0 } value ? value : absent;

    public bool? Flag(string name) =>
        Node(name) is { } value ? YamlScalars.AsFlag(value) ?? throw Mismatch(value, PathOf(name), "true or false") : null;

    public int? Integer(string name) =>
        Node(name) is { } value
            ? YamlScalars.AsInteger(value) is { } number and >= int.MinValue and <= int.MaxValue
                ? (int)number
                : throw Mismatch(value, PathOf(name), "an integer")
            : null;

    public TimeSpan? Duration(string name)
    {
        if (Node(name) is not { } value || TextOf(value, PathOf(name)) is not { Length: > 0 } text)
            return null;

        // A bare integer counts milliseconds.
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
            return TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, -MaxMilliseconds, MaxMilliseconds), 0);

        return GoDuration.TryParse(text, out var duration)
            ? duration
            : throw Mismatch(value, PathOf(name), "a duration such as 500ms or 1m30s");
    }

    public Fields? Map(string name)
    {
        var value = Node(name);
        return value is null ? null
            : value.Kind == YamlKind.Map ? new Fields(value, file, PathOf(name), exactNames)
            : throw Mismatch(value, PathOf(name), "a map");
    }

    /// <summary>A map whose names are the user's own, each with a map of fields.</summary>
    public IReadOnlyDictionary<string, T> Maps<T>(string name, Func<Fields, T> read) =>
        Map(name) is { } map
            ? map.Entries.ToDictionary(entry => entry.Name, entry => read(entry.Fields), StringComparer.Ordinal)
            : new Dictionary<string, T>();

    public IReadOnlyDictionary<string, string> Texts(string name) =>
        Map(name) is { } map
            ? map.Names.ToDictionary(key => key, key => map.Text(key) ?? "", StringComparer.Ordinal)
            : new Dictionary<string, string>();

    public IReadOnlyList<T> List<T>(string name, Func<Fields, T> read) =>
        [.. Items(name).Select((item, index) => read(item.Kind == YamlKind.Map
            ? new Fields(item, file, $"{PathOf(name)}[{index}]", exactNames)
            : throw Mismatch(item, $"{PathOf(name)}[{index}]", "a map")))];

    public IReadOnlyList<string> TextList(string name) => [.. Items(name).Select((item, index) => TextOf(item, $"{PathOf(name)}[{index}]"))];

    public IReadOnlyList<double> NumberList(string name) =>
        [.. Items(name).Select((item, index) => YamlScalars.AsNumber(item) ?? throw Mismatch(item, $"{PathOf(name)}[{index}]", "a number"))];

    public IEnumerable<string> Names => node.Entries.Select(entry => entry.Key);

    public ResourceFormatException Error(string name, string problem) => new(file, (Node(name) ?? node).Line, PathOf(name), problem);

    private IEnumerable<(string Name, Fields Fields)> Entries =>
        node.Entries.Select(entry => (entry.Key, entry.Value.IsNull
            ? new Fields(YamlNode.Map(entry.Value.Line), file, PathOf(entry.Key), exactNames)
            : Map(entry.Key)!));

    private List<YamlNode> Items(string name) =>
        Node(name) is not { } value ? []
        : value.Kind == YamlKind.List ? value.Items
        : throw Mismatch(value, PathOf(name), "a list");

    private string TextOf(YamlNode value, string field)
    {
        if (value.Kind != YamlKind.Scalar)
            throw Mismatch(value, field, "a single value");

        return exactNames ? value.Text : YamlScalars.AsText(value);
    }

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private ResourceFormatException Mismatch(YamlNode value, string field, string expected) =>
        new(file, value.Line, field, $"expected {expected}, found {Describe(value)}");

    private static string Describe(YamlNode value) => value.Kind switch
    {
        YamlKind.Map => "a map",
        YamlKind.List => "a list",
        _ => $"\"{value.Text}\"",
    };
}

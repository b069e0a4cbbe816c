using System.Text.Json;
using System.Text.Json.Nodes;

namespace DaprMesh.Golden.Tests.Recording;

/// <summary>The recordings in the folder Recordings, with what beside them is needed to replay them.</summary>
internal sealed class Library
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recordings");

    private readonly Dictionary<string, HashSet<string>> _unstable;
    private readonly Dictionary<string, Fixture> _fixtures = Read<Dictionary<string, Fixture>>("fixtures");
    private readonly Dictionary<string, Dictionary<string, MendedStep>> _mended =
        Read<Dictionary<string, Dictionary<string, MendedStep>>>("mended");

    public Library() => _unstable = Read<RecordingIndex>("index").Scenarios
        .Where(entry => entry.Unstable is not null)
        .ToDictionary(entry => entry.Scenario, entry => entry.Unstable!.ToHashSet());

    /// <summary>The names of all recordings that are replayed, which are the files that are there.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file))
        .Order(StringComparer.Ordinal);

    public Fixture FixtureOf(string scenario) => _fixtures.GetValueOrDefault(scenario) ?? new Fixture(null, null);

    public bool IsUnstable(string scenario, string step) =>
        _unstable.TryGetValue(scenario, out var steps) && steps.Contains(step);

    public Scenario Load(string name)
    {
        var text = EmbeddedTypes.Adapt(File.ReadAllText(PathOf(name)));
        var scenario = JsonSerializer.Deserialize<Scenario>(text, Options)!;
        var mended = _mended.GetValueOrDefault(name) ?? [];
        var seen = new Dictionary<string, int>();
        var steps = scenario.Steps.Select(step => Unique(Mend(step, mended.GetValueOrDefault(step.Name)), seen));
        return scenario with { Name = name, Steps = steps.ToList() };
    }

    private static RecordedStep Mend(RecordedStep step, MendedStep? mended) => mended is null
        ? step
        : step with { Response = mended.Response ?? step.Response, AppCalls = mended.AppCalls ?? step.AppCalls };

    private static RecordedStep Unique(RecordedStep step, Dictionary<string, int> seen)
    {
        var times = seen[step.Name] = seen.GetValueOrDefault(step.Name) + 1;
        return times == 1 ? step : step with { Name = $"{step.Name} ({times})" };
    }

    private static string PathOf(string name) => Path.Combine(Folder, name + ".json");

    private static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(name)), Options)!;

    private sealed record RecordingIndex(IReadOnlyList<IndexEntry> Scenarios);

    private sealed record IndexEntry(string Scenario, IReadOnlyList<string>? Unstable);

    /// <summary>What a step answers since daprd mended a fault that the recording still shows.</summary>
    private sealed record MendedStep(RecordedResponse? Response, IReadOnlyList<RecordedCall>? AppCalls);
}

/// <summary>What stood in the scenario's folder and in its configuration store before it began.</summary>
internal sealed record Fixture(IReadOnlyDictionary<string, JsonNode>? Files, IReadOnlyList<string?[]>? Configuration);

using System.Text.Json;

namespace DaprMesh.Golden.Tests;

/// <summary>A step that is known to differ from the recording, and why that is so.</summary>
internal sealed record Deviation(string Scenario, string Step, string Reason);

/// <summary>The file deviations.json.</summary>
internal sealed class DeviationList
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public IReadOnlyList<Deviation> All { get; } = JsonSerializer.Deserialize<List<Deviation>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deviations.json")), Options)!;

    public IEnumerable<Deviation> Of(string scenario) => All.Where(deviation => deviation.Scenario == scenario);
}

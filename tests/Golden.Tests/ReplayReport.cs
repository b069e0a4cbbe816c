using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DaprMesh.Programs;

namespace DaprMesh.Golden.Tests;

/// <summary>Collects what the replays came to and sums it up at the end of the run.</summary>
public sealed class ReplayReport : IDisposable
{
    private readonly ConcurrentBag<ScenarioVerdict> _verdicts = [];

    internal PortPool Ports { get; } = new();

    internal DeviationList Deviations { get; } = new();

    internal void Add(ScenarioVerdict verdict) => _verdicts.Add(verdict);

    public void Dispose()
    {
        if (_verdicts.IsEmpty)
            return;

        var summary = Summary();
        TestContext.Current.SendDiagnosticMessage("{0}", summary);
        var details = string.Join('\n', _verdicts
            .Where(verdict => !verdict.IsAsExpected || verdict.Unstable.Count > 0)
            .OrderBy(verdict => verdict.Scenario, StringComparer.Ordinal));
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "golden-report.txt"), $"{summary}\n\n{details}");
    }

    private string Summary()
    {
        var text = new StringBuilder("golden replay\n");
        foreach (var group in _verdicts.GroupBy(verdict => verdict.Group).OrderBy(group => group.Key, StringComparer.Ordinal))
            text.Append(Line(group.Key, group.ToList()));
        return text.Append(Line("all", [.. _verdicts])).ToString();
    }

    private static string Line(string name, IReadOnlyCollection<ScenarioVerdict> verdicts) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-14} {verdicts.Sum(verdict => verdict.Equal)} of {verdicts.Sum(verdict => verdict.Compared)} steps equal\n");
}

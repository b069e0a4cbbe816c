using System.Globalization;
using System.Text;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Golden.Tests.Replay;

namespace DaprMesh.Golden.Tests;

/// <summary>What to make of a replay: steps that are equal, known deviations, and what nobody expected.</summary>
internal sealed record ScenarioVerdict(
    string Scenario, int Compared, int Equal, IReadOnlyList<StepResult> Unexpected, IReadOnlyList<StepResult> Unstable,
    IReadOnlyList<Deviation> NoLongerDeviating)
{
    public string Group => Scenario[..Scenario.IndexOf('.', StringComparison.Ordinal)];

    public bool IsAsExpected => Unexpected.Count == 0 && NoLongerDeviating.Count == 0;

    public static ScenarioVerdict Judge(
        string scenario, IReadOnlyList<StepResult> results, Library library, DeviationList deviations)
    {
        var known = deviations.Of(scenario).ToDictionary(deviation => deviation.Step);
        var compared = results.Where(step => !library.IsUnstable(scenario, step.Name)).ToList();
        return new ScenarioVerdict(
            scenario,
            compared.Count,
            compared.Count(step => step.Differences.Count == 0),
            compared.Where(step => step.Differences.Count > 0 && !known.ContainsKey(step.Name)).ToList(),
            results.Except(compared).Where(step => step.Differences.Count > 0).ToList(),
            known.Values.Where(deviation => compared.All(step => step.Name != deviation.Step || step.Differences.Count == 0)).ToList());
    }

    public override string ToString()
    {
        var text = new StringBuilder($"{Scenario}: {Equal} of {Compared} steps equal\n");
        foreach (var step in Unexpected.Where(step => step.IsReached))
            Append(text, step);
        if (Unexpected.Count(step => !step.IsReached) is > 0 and var missed)
            text.Append(CultureInfo.InvariantCulture, $"  * {missed} more steps were not reached\n");
        foreach (var deviation in NoLongerDeviating)
            text.Append($"  * {deviation.Step}\n      stands in deviations.json but does not deviate (any more)\n");
        foreach (var step in Unstable.Where(step => step.IsReached))
            Append(text, step with { Name = $"{step.Name} [not counted: differed between recordings]" });
        return text.ToString();
    }

    private static void Append(StringBuilder text, StepResult step)
    {
        text.Append($"  * {step.Name}\n");
        foreach (var difference in step.Differences)
            text.Append($"      {difference}\n");
    }
}

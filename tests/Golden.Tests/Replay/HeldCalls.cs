using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Works out of a recording which held calls a step lets go.</summary>
internal static class HeldCalls
{
    public const string LetGo = "the app answers the held call";

    /// <summary>
    /// The paths of the app that a step lets go, in the order of the requests behind them. A request belongs to the
    /// last such step that began before its answer came. Nothing is listed where no request waits for the call.
    /// </summary>
    public static IEnumerable<string> LetGoBy(Scenario scenario, int step)
    {
        var began = Starts(scenario);
        var letGo = Enumerable.Range(0, scenario.Steps.Count).Where(at => scenario.Steps[at].Action == LetGo).ToList();
        var held = scenario.Steps
            .SelectMany(recorded => recorded.AppAnswers ?? [])
            .Where(answers => answers.Answers.Any(answer => answer.IsHeld))
            .Select(answers => answers.Path)
            .ToHashSet();

        for (var at = 0; at < scenario.Steps.Count; at++)
        {
            if (scenario.Steps[at] is not { Request: { } request, AnswersLater: true, Timing: var timing })
                continue;
            var answered = began[at] + timing.AnsweredAfterMs;
            var path = held.FirstOrDefault(path => request.Path.EndsWith(path, StringComparison.Ordinal));
            if (path is not null && letGo.LastOrDefault(end => end > at && began[end] <= answered, -1) == step)
                yield return path;
        }
    }

    private static List<int> Starts(Scenario scenario)
    {
        var starts = new List<int> { 0 };
        foreach (var step in scenario.Steps)
            starts.Add(starts[^1] + step.Timing.ListenedMs);
        return starts;
    }
}

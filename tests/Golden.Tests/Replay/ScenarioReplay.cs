using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Golden.Tests.Facts;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Programs;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Plays one scenario: its apps, its requests and its actions, and compares every step with the recording.</summary>
internal sealed class ScenarioReplay(Scenario scenario, Fixture fixture, ISidecarLauncher launcher, PortPool ports)
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan QuietAfterStart = TimeSpan.FromMilliseconds(150);

    private readonly HashSet<string> _cronPaths = [.. scenario.Sidecars
        .SelectMany(sidecar => sidecar.Resources)
        .SelectMany(file => file.Text.Split("\n---"))
        .Where(document => document.Contains("type: bindings.cron", StringComparison.Ordinal))
        .Select(TickPath)];

    private readonly bool _appIsProbed = scenario.Sidecars.Any(sidecar => sidecar.ProbesTheApp);

    public async Task<IReadOnlyList<StepResult>> RunAsync(CancellationToken ct)
    {
        await using var state = await ReplaySetup.PrepareAsync(scenario, fixture, ports, ct);
        var comparison = new StepComparison(scenario, state.Placeholders);
        var actions = new StepActions(scenario, fixture, launcher, state);
        var observations = new Observations(state);
        var results = new List<StepResult>();
        var later = new List<(int Step, Task<Answer> Answer)>();

        for (var at = 0; at < scenario.Steps.Count; at++)
        {
            var step = scenario.Steps[at];
            foreach (var answers in step.AppAnswers ?? [])
                state.Apps[answers.App].Answers.Set(answers);

            var moment = new StepMoment(TimeProvider.System.GetTimestamp(), []) { Sidecar = Target(step, state) };
            var differences = new List<string>();
            try
            {
                if (step.Action is not null)
                    moment = await actions.PerformAsync(at, moment, ct);

                var answer = step.Request is null ? null : actions.SendAsync(step.Request, ct);
                if (answer is not null && step.AnswersLater)
                    later.Add((at, answer));
                else if (answer is not null)
                    differences.AddRange(CompareAnswer(step, await answer));

                var calls = await ListenAsync(step, moment, state.Calls, ct);
                if (step.Request?.Path == "/v1.0/shutdown" && step.Facts?.ContainsKey("exit code") == true)
                    await moment.Sidecar!.WaitForExitAsync(ExitLimit, ct);
                calls = step.Facts?.ContainsKey("exit code") == true ? Relevant(step, moment, state.Calls.All) : calls;

                moment = moment with { Calls = calls, IsAnswered = answer?.IsCompleted == true };
                if (step.Action?.StartsWith("publish", StringComparison.Ordinal) != true)
                    differences.AddRange(comparison.Calls(step, calls));
                differences.AddRange(comparison.Facts(step, await observations.ObserveAsync(step, moment, ct)));
            }
            catch (Exception failed) when (failed is ReplayException or SqliteException or HttpRequestException or IOException)
            {
                results.Add(new StepResult(step.Name, [failed.Message]));
                results.AddRange(scenario.Steps.Skip(at + 1).Select(missed => StepResult.NotReached(missed.Name)));
                return results;
            }

            results.Add(new StepResult(step.Name, differences));
        }

        foreach (var (at, answer) in later)
            results[at].Differences.AddRange(CompareAnswer(scenario.Steps[at], await answer));
        return results;

        List<string> CompareAnswer(RecordedStep step, Answer answer)
        {
            if (answer.Headers.TryGetValue("etag", out var etag))
                state.ETags.Add(etag[0]);
            return comparison.Response(step, answer).ToList();
        }
    }

    private ISidecar? Target(RecordedStep step, ReplayState state) =>
        state.Sidecars.GetValueOrDefault(step.Request?.To ?? scenario.Sidecars[0].Name);

    /// <summary>Waits for the expected calls, and then as long as the recorder did, to see that no more come.</summary>
    private async Task<IReadOnlyList<AppCall>> ListenAsync(
        RecordedStep step, StepMoment moment, CallLog log, CancellationToken ct)
    {
        var listened = TimeSpan.FromMilliseconds(step.Timing.ListenedMs);
        if (step.AppCalls.Count > 0)
        {
            await log.WaitAsync(
                calls => Relevant(step, moment, calls).Count >= step.AppCalls.Count, (listened * 1.5) + Slack, ct);
        }

        var awaited = step.AppCalls.Count > 0 || (step.Request is not null && !step.AnswersLater);
        var rest = awaited ? step.Timing.Quiet : listened - TimeProvider.System.GetElapsedTime(moment.Start);
        if (step.Action?.StartsWith("start daprd", StringComparison.Ordinal) == true)
            rest = TimeSpan.FromTicks(Math.Max((listened - TimeProvider.System.GetElapsedTime(moment.Start)).Ticks, QuietAfterStart.Ticks));
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, TimeProvider.System, ct);
        return Relevant(step, moment, log.All);
    }

    private List<AppCall> Relevant(RecordedStep step, StepMoment moment, IReadOnlyList<AppCall> calls) => calls
        .Where(call => call.ArrivedAt >= moment.Start)
        .Where(call => !_appIsProbed || call is not { Method: "GET", Path: "/healthz" })
        .Where(call => step.AppCallsOnly is null || IsListed(step.AppCallsOnly, call))
        .Where(call => !IsEarlyTick(step, call))
        .ToList();

    /// <summary>
    /// A schedule ticks by the clock on the wall, whatever step the replay has come to. A tick that the recording lists in a later step only
    /// is no call too many in this one; that it comes in the later step too is still asked for.
    /// </summary>
    private bool IsEarlyTick(RecordedStep step, AppCall call) =>
        call.Method == "POST" && _cronPaths.Contains(call.Path) && !step.AppCalls.Any(listed => listed.Method == "POST" && listed.Path == call.Path)
        && scenario.Steps.SkipWhile(other => other != step).Any(later => later.AppCalls.Any(listed => listed.Method == "POST" && listed.Path == call.Path));

    /// <summary>Where a schedule calls the app: at its route if it names one, else at its name.</summary>
    private static string TickPath(string component)
    {
        var lines = component.Split('\n').Select(line => line.Trim()).ToList();
        var route = lines.IndexOf("- name: route");
        return route >= 0
            ? lines[route + 1]["value: ".Length..].Trim('"')
            : "/" + lines.First(line => line.StartsWith("name: ", StringComparison.Ordinal))["name: ".Length..];
    }

    private static bool IsListed(string only, AppCall call)
    {
        var words = only.Split(' ', 2);
        return words[0] == call.Method && (words[1].EndsWith('*')
            ? call.Path.StartsWith(words[1][..^1], StringComparison.Ordinal)
            : call.Path == words[1]);
    }
}

/// <summary>What a step of a replay differs in; nothing if it went as recorded.</summary>
internal sealed record StepResult(string Name, List<string> Differences, bool IsReached = true)
{
    public static StepResult NotReached(string name) => new(name, ["not reached"], IsReached: false);
}

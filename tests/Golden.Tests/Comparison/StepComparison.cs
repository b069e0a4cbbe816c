using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Golden.Tests.Replay;

namespace DaprMesh.Golden.Tests.Comparison;

/// <summary>Compares what happened in a step with what the recording says.</summary>
internal sealed class StepComparison(Scenario scenario, Placeholders placeholders)
{
    private static readonly JsonSerializerOptions AsItReads = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Headers _responseHeaders = new(
        scenario.Steps.Select(step => step.Response?.Headers).OfType<HeaderSet>());

    private readonly Headers _callHeaders = new(
        scenario.Steps.SelectMany(step => step.AppCalls).Select(call => call.Headers));

    public IEnumerable<string> Response(RecordedStep step, Answer answer)
    {
        var expected = step.Response!;
        if (expected.Status is null || answer.Status is null)
        {
            if (expected.Status != answer.Status || expected.Error != answer.Error)
                yield return $"response: expected {Show(expected.Status, expected.Error)}, got {Show(answer.Status, answer.Error)}";
            yield break;
        }

        if (expected.Status != answer.Status)
            yield return $"status: expected {expected.Status}, got {answer.Status}";

        var listsHaveNoOrder = step.Request!.Path == "/v1.0/metadata";
        foreach (var difference in Bodies.Differences(expected.Body, answer.Body, listsHaveNoOrder, placeholders))
            yield return difference;
        foreach (var difference in _responseHeaders.Differences(expected.Headers, answer.Headers, placeholders))
            yield return difference;
    }

    public IEnumerable<string> Calls(RecordedStep step, IReadOnlyList<AppCall> calls)
    {
        if (step.AppCallsKept is not null)
            calls = calls.Take(step.AppCalls.Count).ToList();

        return step.AppCallsOrder == "any" ? CallsInAnyOrder(step.AppCalls, calls) : CallsInOrder(step.AppCalls, calls);
    }

    public IEnumerable<string> Facts(RecordedStep step, IReadOnlyDictionary<string, JsonNode?> observed)
    {
        var match = new JsonMatch(placeholders, listsHaveNoOrder: false);
        foreach (var (name, expected) in step.Facts ?? [])
        {
            if (observed.TryGetValue(name, out var actual) && !match.Matches(expected, actual))
                yield return $"fact '{name}': expected {Show(expected)}, got {Show(actual)}";
        }
    }

    private List<string> CallsInOrder(IReadOnlyList<RecordedCall> expected, IReadOnlyList<AppCall> actual)
    {
        var differences = new List<string>();
        for (var at = 0; at < Math.Max(expected.Count, actual.Count); at++)
        {
            if (at >= actual.Count)
                differences.Add($"call {at + 1}: expected {expected[at].Method} {expected[at].Path}, none came");
            else if (at >= expected.Count)
                differences.Add($"call {at + 1}: expected none, got {actual[at]}");
            else
                differences.AddRange(Call(expected[at], actual[at]).Select(difference => $"call {at + 1}: {difference}"));
        }

        return differences;
    }

    private List<string> CallsInAnyOrder(IReadOnlyList<RecordedCall> expected, IReadOnlyList<AppCall> actual)
    {
        var differences = new List<string>();
        var left = actual.ToList();
        foreach (var wanted in expected)
        {
            var before = placeholders.Snapshot();
            var found = left.FindIndex(given =>
            {
                placeholders.Restore(before);
                return !Call(wanted, given).Any();
            });
            if (found >= 0)
            {
                left.RemoveAt(found);
                continue;
            }

            placeholders.Restore(before);
            var nearest = left.Select(given => Call(wanted, given).ToList()).MinBy(list => list.Count);
            placeholders.Restore(before);
            differences.Add($"call: expected {wanted.Method} {wanted.Path}, "
                + (nearest is null ? "none came" : $"the nearest differs in: {string.Join("; ", nearest)}"));
        }

        differences.AddRange(left.Skip(differences.Count)
            .Select(call => $"call: expected no more, got {call}"));
        return differences;
    }

    private IEnumerable<string> Call(RecordedCall expected, AppCall actual)
    {
        if (expected.App != actual.App)
            yield return $"app: expected {expected.App}, got {actual.App}";
        if (expected.Method != actual.Method || !placeholders.Matches(expected.Path, actual.Path))
            yield return $"expected {expected.Method} {placeholders.Expand(expected.Path)}, got {actual.Method} {actual.Path}";
        if (!placeholders.Matches(expected.Query, actual.Query))
            yield return $"query: expected '{expected.Query}', got '{actual.Query}'";
        foreach (var difference in Bodies.Differences(expected.Body, actual.Body, listsHaveNoOrder: false, placeholders))
            yield return difference;
        foreach (var difference in _callHeaders.Differences(expected.Headers, actual.Headers, placeholders))
            yield return difference;
    }

    private static string Show(JsonNode? fact) => fact?.ToJsonString(AsItReads) ?? "null";

    private static string Show(int? status, string? error) => status is null ? $"no answer ({error})" : $"{status}";
}

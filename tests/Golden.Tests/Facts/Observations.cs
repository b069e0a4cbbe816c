using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Golden.Tests.Replay;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Golden.Tests.Facts;

/// <summary>What can be observed at the end of a step beside its answer and its calls; a recording names each fact.</summary>
internal sealed class Observations(ReplayState state)
{
    /// <summary>Observes the facts that the recording lists for a step.</summary>
    public async Task<IReadOnlyDictionary<string, JsonNode?>> ObserveAsync(
        RecordedStep step, StepMoment moment, CancellationToken ct)
    {
        var observed = new Dictionary<string, JsonNode?>();
        foreach (var name in step.Facts?.Select(fact => fact.Key) ?? [])
        {
            if (!IsAboutRedis(name))
                observed[name] = await TryObserveAsync(name, moment, ct);
        }

        return observed;
    }

    private async Task<JsonNode?> TryObserveAsync(string name, StepMoment moment, CancellationToken ct)
    {
        try
        {
            return await ObserveAsync(name, moment, ct);
        }
        catch (Exception failed) when (failed is SqliteException or IOException)
        {
            return $"not to be observed: {failed.Message}";
        }
    }

    private static bool IsAboutRedis(string name) => name == "keys in Redis";

    private async Task<JsonNode?> ObserveAsync(string name, StepMoment moment, CancellationToken ct) => name switch
    {
        "healthy" => moment.IsHealthy,
        "exit code" => moment.Sidecar?.ExitCode,
        "fatal message" => List(FatalMessages(moment.Sidecar!.Log)),
        "order of begin and end marks" => List(state.Calls.Marks),
        "the second call has reached the app" => HasArrived("/second"),
        "the second call has reached the app while the first is held" => HasArrived("/second"),
        "the call to the other actor has reached the app" => HasArrived("/third"),
        "the timer call has reached the app" => HasArrived("/timer/now"),
        "order of the calls at the app" => List(state.Calls.All.Select(call => call.Path).Where(path => !path.StartsWith("/dapr/", StringComparison.Ordinal))),
        "a probe" => state.Calls.All.Where(call => call.Path == "/healthz").Select(Line).FirstOrDefault(),
        "what daprd asked the app, in order" => List(moment.Calls.Select(Line)),
        "bindings that fired" => Distinct(state.Calls.All.Where(call => call.Method == "POST").Select(call => call.Path)),
        "bindings that were probed" => Distinct(state.Calls.All.Where(call => call.Method == "OPTIONS").Select(call => call.Path)),
        "calls that carried the token" => Distinct(state.Calls.All.Where(HasToken).Select(Line)),
        "calls that did not" => Distinct(state.Calls.All.Where(call => !HasToken(call)).Select(Line)),
        "calls to the dead-letter route" => state.Calls.All.Count(call => call.Path == "/dead"),
        "calls begun for /orders" => state.Calls.All.Count(call => call.Path == "/orders"),
        "calls begun for /stock while /orders is held" => state.Calls.All.Count(call => call.Path == "/stock"),
        "its publisher has an answer while the first is held" => moment.IsAnswered,
        "data of the events delivered to /orders, in order" => new JsonArray(EventNumbers("app")),
        "events that reached alpha" => new JsonArray(EventNumbers("alpha")),
        "events that reached the two replicas of beta together" => new JsonArray(EventNumbers("beta-one", "beta-two").OrderBy(number => number!.GetValue<int>()).ToArray()),
        "the ETag changed" => state.ETags.Count > 1 && state.ETags[^1] != state.ETags[^2],
        "mails" => new JsonArray(state.Mails!.Since(moment.Start).Select(mail => (JsonNode?)MailFacts.Describe(mail)).ToArray()),
        "files on disk" => FileFacts.Contents(Path.Combine(state.Folder, "files")),
        "database files" => List(FileFacts.Databases(state.Folder)),
        "rows (key, value, is_binary)" or "rows of table state (key, value, is_binary)" => await StateTable.RowsAsync(state.StateDatabase, ct),
        "keys in the table" or "keys left in the table" => await StateTable.KeysAsync(state.StateDatabase, ct),
        "table definition" => await StateTable.DefinitionAsync(state.StateDatabase, ct),
        "types" => MetricFacts.Types(moment.Metrics!),
        "labels" => MetricFacts.Labels(moment.Metrics!),
        "some counters" => MetricFacts.Counters(moment.Metrics!),
        _ => throw new InvalidOperationException($"Nothing observes the fact '{name}'."),
    };

    private bool HasArrived(string end) => state.Calls.All.Any(call => call.Path.EndsWith(end, StringComparison.Ordinal));

    private static bool HasToken(AppCall call) => call.Headers.ContainsKey("dapr-api-token");

    private static string Line(AppCall call) => $"{call.Method} {call.Path}";

    private JsonNode?[] EventNumbers(params string[] apps) => state.Calls.All
        .Where(call => apps.Contains(call.App) && call.Path == "/orders")
        .Select(call => JsonNode.Parse(Encoding.UTF8.GetString(call.Body))!["data"]!["n"]?.DeepClone())
        .ToArray();

    private static JsonArray List(IEnumerable<string> values) => new(values.Select(value => (JsonNode?)value).ToArray());

    private static JsonArray Distinct(IEnumerable<string> values) =>
        List(values.Distinct().Order(StringComparer.Ordinal));

    // daprd logs in logfmt: level=fatal msg="…" with quotes escaped.
    private static IEnumerable<string> FatalMessages(IEnumerable<string> log) => log
        .Where(line => line.Contains("level=fatal", StringComparison.Ordinal))
        .Select(line => Regex.Match(line, """msg="(?<msg>(?:[^"\\]|\\.)*)""").Groups["msg"].Value)
        .Select(Regex.Unescape);
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>What a recorded app does where its answer is not fixed; a recording describes it in a sentence.</summary>
internal sealed partial class Scripts(HttpClient http, Func<Uri> daprd)
{
    private const string Reentrancy = "Dapr-Reentrancy-Id";
    private const int DeepestRecursion = 10;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private int _depth;

    [GeneratedRegex("'(?<status>[^']+)'")]
    private static partial Regex Statuses { get; }

    public async Task<AppAnswer> RunAsync(string script, AppCall call, Gates gates, CallLog log, CancellationToken ct) => script switch
    {
        _ when script.StartsWith("Answers with statuses", StringComparison.Ordinal) => BulkStatuses(script, call),
        _ when script.StartsWith("Marks the beginning", StringComparison.Ordinal) => await MarkAsync(call, gates, log, ct),
        _ when script.StartsWith("Calls itself", StringComparison.Ordinal) => await RecurseAsync(call, ct),
        _ when script.Contains("without the id", StringComparison.Ordinal) => await ForgetAsync(ct),
        _ when script.StartsWith("Calls method inner", StringComparison.Ordinal) => await NestAsync(call, ct),
        _ => throw new InvalidOperationException($"No app knows the script '{script}'."),
    };

    private static AppAnswer BulkStatuses(string script, AppCall call)
    {
        var entries = JsonNode.Parse(call.Body)!["entries"]!.AsArray()
            .OrderBy(entry => SortedList.Key(entry, "event.data"), StringComparer.Ordinal);
        var statuses = Statuses.Matches(script).Select(match => match.Groups["status"].Value);
        var list = entries.Zip(statuses)
            .Where(pair => pair.Second != "absent")
            .Select(JsonNode (pair) => new JsonObject
            {
                ["entryId"] = pair.First!["entryId"]!.DeepClone(),
                ["status"] = pair.Second,
            });
        return Json(new JsonObject { ["statuses"] = new JsonArray(list.ToArray()) });
    }

    private static async Task<AppAnswer> MarkAsync(AppCall call, Gates gates, CallLog log, CancellationToken ct)
    {
        var method = call.Path[(call.Path.LastIndexOf('/') + 1)..];
        log.Mark($"begin {method}");
        await gates.PassAsync(call.Path, ct);
        log.Mark($"end {method}");
        gates.Left(call.Path);
        return Text(method);
    }

    private async Task<AppAnswer> NestAsync(AppCall call, CancellationToken ct)
    {
        using var response = await CallActorAsync("inner", call, ct);
        return Json(new JsonObject { ["inner"] = (int)response.StatusCode });
    }

    private async Task<AppAnswer> RecurseAsync(AppCall call, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _depth) >= DeepestRecursion)
            return Json(new JsonObject { ["status"] = "never refused" });

        using var response = await CallActorAsync("recursive", call, ct);
        return Json(new JsonObject
        {
            ["status"] = (int)response.StatusCode,
            ["body"] = await response.Content.ReadAsStringAsync(ct),
        });
    }

    private async Task<AppAnswer> ForgetAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            using var response = await CallActorAsync("inner", null, limit.Token);
            return Json(new JsonObject { ["inner"] = (int)response.StatusCode });
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Json(new JsonObject { ["inner"] = "gave up" });
        }
    }

    private async Task<HttpResponseMessage> CallActorAsync(string method, AppCall? caller, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(daprd(), $"/v1.0/actors/Cart/c1/method/{method}"));
        if (caller?.Headers.TryGetValue("dapr-reentrancy-id", out var id) == true)
            request.Headers.Add(Reentrancy, id);
        return await http.SendAsync(request, ct);
    }

    private static AppAnswer Json(JsonObject body) => new(
        200,
        HeaderSet.From([("content-type", "application/json")]),
        TextBody(body.ToJsonString(Relaxed)),
        null,
        null);

    private static AppAnswer Text(string body) =>
        new(200, HeaderSet.From([("content-type", "text/plain")]), TextBody(body), null, null);

    private static RecordedBody TextBody(string text) =>
        new(null, null, Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), null, null, null, null);
}

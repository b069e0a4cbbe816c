using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DaprMesh.Golden.Tests.Recording;

/// <summary>One recorded scenario: the sidecars and apps that took part, and what happened step by step.</summary>
internal sealed record Scenario(
    [property: JsonPropertyName("scenario")] string Name,
    IReadOnlyList<RecordedSidecar> Sidecars,
    IReadOnlyList<string> Apps,
    IReadOnlyList<RecordedStep> Steps)
{
    public string Group => Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    public RecordedSidecar Sidecar(string name) => Sidecars.Single(sidecar => sidecar.Name == name);
}

internal sealed record RecordedSidecar(
    string Name,
    IReadOnlyList<string> AllFlags,
    IReadOnlyDictionary<string, string> Env,
    string? Config,
    IReadOnlyList<RecordedFile> Resources)
{
    /// <summary>The name of the app behind the sidecar, or null where it has none.</summary>
    public string? AppName => AllFlags
        .Where(flag => flag.StartsWith("--app-port=$", StringComparison.Ordinal))
        .Select(flag => flag["--app-port=$".Length..^"Port".Length])
        .SingleOrDefault();

    public bool ProbesTheApp => AllFlags.Contains("--enable-app-health-check");

    public string Port(string flag) =>
        AllFlags.Single(given => given.StartsWith($"--{flag}=", StringComparison.Ordinal))[(flag.Length + 3)..];
}

internal sealed record RecordedFile(string File, string Text);

internal sealed record RecordedStep(
    string Name,
    string? Action,
    IReadOnlyList<AppAnswers>? AppAnswers,
    RecordedRequest? Request,
    RecordedResponse? Response,
    IReadOnlyList<RecordedCall> AppCalls,
    string? AppCallsOrder,
    string? AppCallsOnly,
    string? AppCallsKept,
    JsonObject? Facts,
    RecordedTiming Timing)
{
    /// <summary>The answer came only after later steps had begun, usually because the app held a call.</summary>
    public bool AnswersLater => Timing.AnsweredAfterMs > Timing.ListenedMs;
}

internal sealed record RecordedTiming(int ListenedMs, int AnsweredAfterMs = 0, IReadOnlyList<int>? CallsAfterMs = null)
{
    /// <summary>How long the step was watched after everything expected had come.</summary>
    public TimeSpan Quiet
    {
        get
        {
            var last = Math.Max(
                CallsAfterMs is { Count: > 0 } calls ? calls.Max() : 0,
                AnsweredAfterMs > ListenedMs ? 0 : AnsweredAfterMs);
            return TimeSpan.FromMilliseconds(Math.Max(0, ListenedMs - last));
        }
    }
}

internal sealed record RecordedRequest(
    string? To, string Method, string Path, HeaderSet Headers, RecordedBody? Body, bool Chunked = false);

internal sealed record RecordedResponse(int? Status, HeaderSet Headers, RecordedBody? Body, string? Error = null);

internal sealed record RecordedCall(
    string App, string Method, string Path, string Query, HeaderSet Headers, RecordedBody? Body, AppAnswer? Answer);

internal sealed record AppAnswers(string App, string Method, string Path, IReadOnlyList<AppAnswer> Answers);

internal sealed record AppAnswer(
    int? Status,
    HeaderSet? Headers,
    RecordedBody? Body,
    string? Script,
    string? Connection,
    int DelayMs = 0,
    bool Held = false,
    IReadOnlyList<string>? Chunks = null)
{
    public bool IsHeld => Held || Script?.Contains("waits to be let go", StringComparison.Ordinal) == true;
}

using System.Text.Json.Nodes;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Golden.Tests.Replay;

namespace DaprMesh.Golden.Tests.SelfTest;

public sealed class ReplayTests(ReplayReport report)
{
    private const string Delivery = "pubsub.in-memory.two-subscriptions-one-topic";

    [Theory]
    [InlineData("state.in-memory.transactions")]
    [InlineData("state.scopes")]
    [InlineData("general.metadata-query")]
    [InlineData("tracing.invoke-off")]
    [InlineData(Delivery)]
    public async Task What_was_recorded_is_equal_to_itself(string scenario)
    {
        var results = await ReplayAsync(scenario, step => step);

        Assert.All(results, step => Assert.Empty(step.Differences));
    }

    [Fact]
    public async Task Another_status_is_reported()
    {
        var differences = await DifferencesAsync("state.scopes", step => step with { Response = step.Response! with { Status = 418 } });

        Assert.Contains(differences, difference => difference.Contains("got 418", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_changed_byte_in_a_body_is_reported()
    {
        var differences = await DifferencesAsync("secrets.scopes-deny-all", step => step with
        {
            Response = step.Response! with { Body = Text(step.Response.Body!.Text!.Replace("vault", "vaulT", StringComparison.Ordinal)) },
        });

        Assert.Contains(differences, difference => difference.StartsWith("body: expected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_that_was_not_recorded_is_reported()
    {
        var differences = await DifferencesAsync("state.scopes", step => step with
        {
            Response = step.Response! with { Headers = HeaderSet.From([("x-new", "1")]) },
        });

        Assert.Contains("header x-new: expected none, got '1'", differences);
    }

    [Fact]
    public async Task A_call_that_never_comes_is_reported()
    {
        var differences = await DifferencesAsync(Delivery, step => step with { AppCalls = step.AppCalls.Skip(1).ToList() });

        Assert.Contains(differences, difference => difference.Contains("none came", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_too_many_is_reported()
    {
        var differences = await DifferencesAsync(Delivery, step => step with { AppCalls = [.. step.AppCalls, step.AppCalls[0]] });

        Assert.Contains(differences, difference => difference.Contains("expected no", StringComparison.Ordinal));
    }

    private async Task<List<string>> DifferencesAsync(string scenario, Func<RecordedStep, RecordedStep> falsify)
    {
        var results = await ReplayAsync(scenario, falsify);
        return results[1].Differences;
    }

    /// <summary>Replays against a daprd whose first answer is falsified.</summary>
    private async Task<IReadOnlyList<StepResult>> ReplayAsync(string name, Func<RecordedStep, RecordedStep> falsify)
    {
        var library = new Library();
        var scenario = library.Load(name);
        var played = scenario with { Steps = scenario.Steps.Select((step, at) => at == 1 ? falsify(step) : step).ToList() };
        using var daprd = new RecordedDaprd(played);
        var replay = new ScenarioReplay(scenario, library.FixtureOf(name), daprd, report.Ports);
        return await replay.RunAsync(TestContext.Current.CancellationToken);
    }

    private static RecordedBody Text(string text) => new(JsonNode.Parse(text), text, null, null, null, null, null);
}

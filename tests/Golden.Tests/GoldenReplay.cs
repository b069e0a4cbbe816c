using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Golden.Tests.Replay;

[assembly: AssemblyFixture(typeof(DaprMesh.Programs.MachineTurn))]
[assembly: AssemblyFixture(typeof(DaprMesh.Golden.Tests.ReplayReport))]

namespace DaprMesh.Golden.Tests;

/// <summary>Replays every recording against the sidecar's executable. README.md tells how to run a part of them.</summary>
public sealed class GoldenReplay(ReplayReport report)
{
    public static TheoryData<string> Scenarios => new(Library.Names);

    [ScenarioTheory(DisplayName = "replay")]
    [MemberData(nameof(Scenarios))]
    public async Task The_sidecar_answers_as_recorded(string scenario)
    {
        var library = new Library();
        var replay = new ScenarioReplay(
            library.Load(scenario), library.FixtureOf(scenario), new SidecarExecutable(), report.Ports);

        var results = await replay.RunAsync(TestContext.Current.CancellationToken);

        var verdict = ScenarioVerdict.Judge(scenario, results, library, report.Deviations);
        report.Add(verdict);
        Assert.True(verdict.IsAsExpected, verdict.ToString());
    }
}

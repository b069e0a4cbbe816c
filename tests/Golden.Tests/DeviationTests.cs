using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests;

public sealed class DeviationTests
{
    private const double Tolerated = 0.03;

    private static readonly string[] WithoutDeviations = ["state", "pubsub", "invoke", "actors", "jobs"];

    // Its batches are an oddity of daprd's in-memory broker that the recordings themselves say not to copy.
    private const string NotCopied = "pubsub.in-memory.bulk-subscribe";

    private readonly DeviationList _deviations = new();

    [Fact]
    public void At_most_three_percent_of_the_steps_deviate()
    {
        var library = new Library();
        var steps = Library.Names.Sum(name => library.Load(name).Steps.Count);

        Assert.True(_deviations.All.Count <= steps * Tolerated, $"{_deviations.All.Count} of {steps} steps deviate.");
    }

    [Fact]
    public void No_step_deviates_in_state_delivery_invocation_actors_or_jobs() =>
        Assert.DoesNotContain(_deviations.All, deviation =>
            deviation.Scenario != NotCopied && WithoutDeviations.Contains(deviation.Scenario.Split('.')[0]));

    [Fact]
    public void Every_deviation_names_a_step_and_gives_a_reason()
    {
        var library = new Library();
        Assert.All(_deviations.All, deviation =>
        {
            Assert.Contains(library.Load(deviation.Scenario).Steps, step => step.Name == deviation.Step);
            Assert.NotEmpty(deviation.Reason);
        });
    }
}

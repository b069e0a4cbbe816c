using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Golden.Tests.Replay;

namespace DaprMesh.Golden.Tests.SelfTest;

public sealed class HeldCallsTests
{
    [Fact]
    public void A_held_call_is_let_go_by_the_step_before_its_answer()
    {
        var turns = new Library().Load("actors.turns");

        var letGo = turns.Steps
            .Select((step, at) => (step.Action, Paths: HeldCalls.LetGoBy(turns, at).Select(path => path.Split('/')[^1])))
            .Where(step => step.Action == HeldCalls.LetGo)
            .Select(step => string.Join(", ", step.Paths));

        Assert.Equal(["first", "second, third", "long"], letGo);
    }
}

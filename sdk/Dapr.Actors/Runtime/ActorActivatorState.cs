namespace Dapr.Actors.Runtime;

/// <summary>An active instance together with what its activator has to dispose.</summary>
public class ActorActivatorState(Actor actor)
{
    public Actor Actor { get; } = actor;
}

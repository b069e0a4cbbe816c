namespace Dapr.Actors.Runtime;

/// <summary>Makes and disposes the instances of one actor type.</summary>
public abstract class ActorActivator
{
    public abstract Task<ActorActivatorState> CreateAsync(ActorHost host);

    public abstract Task DeleteAsync(ActorActivatorState state);
}

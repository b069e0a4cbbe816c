namespace Dapr.Actors.Runtime;

/// <summary>Makes the activator of an actor type.</summary>
public abstract class ActorActivatorFactory
{
    public abstract ActorActivator CreateActivator(ActorTypeInformation type);
}

namespace Dapr.Actors.Runtime;

/// <summary>Makes activators that need no dependency injection.</summary>
public class DefaultActorActivatorFactory : ActorActivatorFactory
{
    public override ActorActivator CreateActivator(ActorTypeInformation type) => new DefaultActorActivator();
}

namespace Dapr.Actors.Runtime;

/// <summary>An actor type that this app hosts.</summary>
public sealed class ActorRegistration
{
    public ActorRegistration(ActorTypeInformation type)
        : this(type, null)
    {
    }

    public ActorRegistration(ActorTypeInformation type, ActorRuntimeOptions? options) => (Type, TypeOptions) = (type, options);

    public ActorTypeInformation Type { get; }

    public ActorRuntimeOptions? TypeOptions { get; }

    public ActorActivator? Activator { get; set; }
}

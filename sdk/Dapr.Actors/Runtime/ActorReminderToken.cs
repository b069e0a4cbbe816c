namespace Dapr.Actors.Runtime;

/// <summary>Names a reminder of an actor.</summary>
public class ActorReminderToken
{
    public ActorReminderToken(string actorType, ActorId actorId, string name)
    {
        ArgumentNullException.ThrowIfNull(actorType);
        ArgumentNullException.ThrowIfNull(actorId);
        ArgumentNullException.ThrowIfNull(name);
        (ActorType, ActorId, Name) = (actorType, actorId, name);
    }

    public string ActorType { get; }

    public ActorId ActorId { get; }

    public string Name { get; }
}

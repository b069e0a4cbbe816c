namespace Dapr.Actors.Client;

/// <summary>Calls one actor.</summary>
public interface IActorProxy
{
    ActorId ActorId { get; }

    string ActorType { get; }
}

namespace Dapr.Actors.Client;

/// <summary>Makes proxies: with an interface of the actor, or with method names.</summary>
public interface IActorProxyFactory
{
    TActorInterface CreateActorProxy<TActorInterface>(ActorId actorId, string actorType, ActorProxyOptions? options = null)
        where TActorInterface : IActor;

    object CreateActorProxy(ActorId actorId, Type actorInterfaceType, string actorType, ActorProxyOptions? options = null);

    ActorProxy Create(ActorId actorId, string actorType, ActorProxyOptions? options = null);
}

using System.Runtime.Serialization;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;

namespace Dapr.Actors;

/// <summary>Type and id of an actor, to be sent to somebody who can call it.</summary>
[DataContract(Name = "ActorReference", Namespace = "urn:actors")]
public sealed class ActorReference
{
    [DataMember(Name = "ActorId", Order = 0, IsRequired = true)]
    public ActorId? ActorId { get; set; }

    [DataMember(Name = "ActorType", Order = 0, IsRequired = true)]
    public string? ActorType { get; set; }

    public static ActorReference? Get(object? actor) => actor switch
    {
        null => null,
        IActorProxy proxy => new ActorReference { ActorId = proxy.ActorId, ActorType = proxy.ActorType },
        Actor own => new ActorReference { ActorId = own.Id, ActorType = own.Host.ActorTypeInfo.ActorTypeName },
        _ => throw new ArgumentOutOfRangeException(nameof(actor), "Only actors and their proxies have a reference."),
    };

    public object Bind(Type actorInterfaceType) => ActorProxy.DefaultProxyFactory.CreateActorProxy(
        ActorId ?? throw new InvalidOperationException("The reference has no actor id."),
        actorInterfaceType,
        ActorType ?? throw new InvalidOperationException("The reference has no actor type."));
}

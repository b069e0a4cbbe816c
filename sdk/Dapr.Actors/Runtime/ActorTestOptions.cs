using System.Text.Json;
using Dapr.Actors.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dapr.Actors.Runtime;

/// <summary>What an actor under test gets instead of the runtime.</summary>
public sealed class ActorTestOptions
{
    public ActorId ActorId { get; set; } = ActorId.CreateRandom();

    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    public JsonSerializerOptions JsonSerializerOptions { get; set; } = new(JsonSerializerDefaults.Web);

    public IActorProxyFactory ProxyFactory { get; set; } = new MissingProxyFactory();

    public ActorTimerManager TimerManager { get; set; } = MissingTimerManager.Instance;

    private sealed class MissingProxyFactory : IActorProxyFactory
    {
        public ActorProxy Create(ActorId actorId, string actorType, ActorProxyOptions? options = null) => throw Missing();

        public TActorInterface CreateActorProxy<TActorInterface>(ActorId actorId, string actorType, ActorProxyOptions? options = null)
            where TActorInterface : IActor => throw Missing();

        public object CreateActorProxy(ActorId actorId, Type actorInterfaceType, string actorType, ActorProxyOptions? options = null) =>
            throw Missing();

        private static NotSupportedException Missing() => new(
            $"This actor was made for a test without a proxy factory. Set {nameof(ActorTestOptions)}.{nameof(ProxyFactory)}.");
    }
}

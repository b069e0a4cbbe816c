using System.Text.Json;
using Dapr.Actors.Client;
using Microsoft.Extensions.Logging;

namespace Dapr.Actors.Runtime;

/// <summary>What the runtime gives to an actor when it is made.</summary>
public sealed class ActorHost
{
    [Obsolete("Use CreateForTest in tests; the runtime makes all others.")]
    public ActorHost(
        ActorTypeInformation actorTypeInfo,
        ActorId id,
        JsonSerializerOptions jsonSerializerOptions,
        ILoggerFactory loggerFactory,
        IActorProxyFactory proxyFactory)
        : this(actorTypeInfo, id, jsonSerializerOptions, loggerFactory, proxyFactory, MissingTimerManager.Instance, null)
    {
    }

    internal ActorHost(
        ActorTypeInformation actorTypeInfo,
        ActorId id,
        JsonSerializerOptions jsonSerializerOptions,
        ILoggerFactory loggerFactory,
        IActorProxyFactory proxyFactory,
        ActorTimerManager timerManager,
        SidecarState? state)
    {
        ActorTypeInfo = actorTypeInfo;
        Id = id;
        JsonSerializerOptions = jsonSerializerOptions;
        LoggerFactory = loggerFactory;
        ProxyFactory = proxyFactory;
        TimerManager = timerManager;
        State = state;
    }

    public ActorTypeInformation ActorTypeInfo { get; }

    public ActorId Id { get; }

    public JsonSerializerOptions JsonSerializerOptions { get; }

    public ILoggerFactory LoggerFactory { get; }

    public IActorProxyFactory ProxyFactory { get; }

    public ActorTimerManager TimerManager { get; }

    internal SidecarState? State { get; }

    public static ActorHost CreateForTest<TActor>(ActorTestOptions? options = null)
        where TActor : Actor => CreateForTest(typeof(TActor), null, options);

    public static ActorHost CreateForTest<TActor>(string? actorTypeName, ActorTestOptions? options = null)
        where TActor : Actor => CreateForTest(typeof(TActor), actorTypeName, options);

    public static ActorHost CreateForTest(Type actorType, ActorTestOptions? options = null) => CreateForTest(actorType, null, options);

    public static ActorHost CreateForTest(Type actorType, string? actorTypeName, ActorTestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(actorType);
        options ??= new ActorTestOptions();
        return new ActorHost(
            ActorTypeInformation.Get(actorType, actorTypeName),
            options.ActorId,
            options.JsonSerializerOptions,
            options.LoggerFactory,
            options.ProxyFactory,
            options.TimerManager,
            null);
    }
}

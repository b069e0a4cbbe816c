using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapr.Actors.Communication;

namespace Dapr.Actors.Client;

/// <summary>Makes proxies that share connections to the sidecar.</summary>
public class ActorProxyFactory : IActorProxyFactory
{
    private readonly Lazy<HttpMessageInvoker> _invoker;
    private readonly TypedMethods _methods = new();
    private readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> _typedJson = [];
    private ActorProxyOptions _defaultOptions;

    public ActorProxyFactory(ActorProxyOptions? options = null, HttpMessageHandler? handler = null)
    {
        _defaultOptions = options ?? new ActorProxyOptions();
        _invoker = new(() => new HttpMessageInvoker(handler ?? SidecarConnections.Create(), disposeHandler: false));
    }

    [Obsolete("Use the constructor that takes an HttpMessageHandler.")]
    public ActorProxyFactory(ActorProxyOptions? options, HttpClientHandler? handler)
        : this(options, (HttpMessageHandler?)handler)
    {
    }

    public ActorProxyOptions DefaultOptions
    {
        get => _defaultOptions;
        set => _defaultOptions = value ?? throw new ArgumentNullException(nameof(value));
    }

    public ActorProxy Create(ActorId actorId, string actorType, ActorProxyOptions? options = null)
    {
        options ??= DefaultOptions;
        return new ActorProxy(actorId, actorType, Sidecar(actorId, actorType, options), options.JsonSerializerOptions);
    }

    public TActorInterface CreateActorProxy<TActorInterface>(ActorId actorId, string actorType, ActorProxyOptions? options = null)
        where TActorInterface : IActor => (TActorInterface)CreateActorProxy(actorId, typeof(TActorInterface), actorType, options);

    public object CreateActorProxy(ActorId actorId, Type actorInterfaceType, string actorType, ActorProxyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(actorInterfaceType);
        options ??= DefaultOptions;
        var methods = _methods.Of(actorInterfaceType);
        var json = _typedJson.GetValue(options.JsonSerializerOptions, NamedArguments.WithFields);
        var proxy = DispatchProxy.Create(actorInterfaceType, typeof(TypedActorProxy));
        ((TypedActorProxy)proxy).Initialize(actorId, actorType, Sidecar(actorId, actorType, options), methods, json);
        return proxy;
    }

    private SidecarActor Sidecar(ActorId actorId, string actorType, ActorProxyOptions options)
    {
        ArgumentNullException.ThrowIfNull(actorId);
        ArgumentException.ThrowIfNullOrEmpty(actorType);
        var client = new SidecarClient(_invoker.Value, options.HttpEndpoint, options.DaprApiToken, options.RequestTimeout);
        return new SidecarActor(client, actorType, actorId.GetId());
    }
}

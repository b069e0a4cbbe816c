using System.Text.Json;
using Dapr.Actors.Communication;

namespace Dapr.Actors.Client;

/// <summary>Calls the methods of an actor by name, with at most one argument.</summary>
public class ActorProxy : IActorProxy
{
    private readonly SidecarActor? _sidecar;
    private readonly JsonSerializerOptions _json = JsonSerializerOptions.Web;

    protected ActorProxy()
    {
        ActorId = null!; // the published constructor leaves a proxy without an actor, which nothing can be called on
        ActorType = null!;
    }

    internal ActorProxy(ActorId actorId, string actorType, SidecarActor sidecar, JsonSerializerOptions json) =>
        (ActorId, ActorType, _sidecar, _json) = (actorId, actorType, sidecar, json);

    /// <summary>The factory behind the static methods; it finds the sidecar by the environment.</summary>
    public static IActorProxyFactory DefaultProxyFactory { get; } = new ActorProxyFactory();

    public ActorId ActorId { get; }

    public string ActorType { get; }

    private SidecarActor Sidecar => _sidecar ?? throw new InvalidOperationException("Proxies are made by an IActorProxyFactory.");

    public static TActorInterface Create<TActorInterface>(ActorId actorId, string actorType, ActorProxyOptions? options = null)
        where TActorInterface : IActor => DefaultProxyFactory.CreateActorProxy<TActorInterface>(actorId, actorType, options);

    public static object Create(ActorId actorId, Type actorInterfaceType, string actorType, ActorProxyOptions? options = null) =>
        DefaultProxyFactory.CreateActorProxy(actorId, actorInterfaceType, actorType, options);

    public static ActorProxy Create(ActorId actorId, string actorType, ActorProxyOptions? options = null) =>
        DefaultProxyFactory.Create(actorId, actorType, options);

    public Task InvokeMethodAsync(string method, CancellationToken cancellationToken = default) =>
        SendAsync(method, null, cancellationToken);

    public Task InvokeMethodAsync<TRequest>(string method, TRequest data, CancellationToken cancellationToken = default) =>
        SendAsync(method, JsonBody.Of(data, _json), cancellationToken);

    public Task<TResponse> InvokeMethodAsync<TResponse>(string method, CancellationToken cancellationToken = default) =>
        SendAsync<TResponse>(method, null, cancellationToken);

    public Task<TResponse> InvokeMethodAsync<TRequest, TResponse>(
        string method, TRequest data, CancellationToken cancellationToken = default) =>
        SendAsync<TResponse>(method, JsonBody.Of(data, _json), cancellationToken);

    private async Task SendAsync(string method, JsonBody? body, CancellationToken cancellationToken)
    {
        using (await Sidecar.CallAsync(method, body, typed: false, cancellationToken))
            body?.Release();
    }

    private async Task<TResponse> SendAsync<TResponse>(string method, JsonBody? body, CancellationToken cancellationToken)
    {
        using var response = await Sidecar.CallAsync(method, body, typed: false, cancellationToken);
        using var answer = new PooledBuffer();
        await answer.FillAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        body?.Release();
        // Whether null is among the answers only the caller knows: the published signature has no annotation.
        return JsonSerializer.Deserialize<TResponse>(answer.Written.Span, _json)!;
    }
}

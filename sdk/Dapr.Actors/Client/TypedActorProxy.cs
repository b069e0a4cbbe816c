using System.Reflection;
using System.Text.Json;
using Dapr.Actors.Communication;

namespace Dapr.Actors.Client;

/// <summary>The class behind the typed proxies, which are derived from it at run time.</summary>
internal class TypedActorProxy : DispatchProxy, IActorProxy
{
    private SidecarActor? _sidecar;
    private TypedMethods.Table? _methods;
    private JsonSerializerOptions _json = JsonSerializerOptions.Web;

    // Set by Initialize before anybody else sees the proxy.
    public ActorId ActorId { get; private set; } = null!;

    public string ActorType { get; private set; } = null!;

    public void Initialize(
        ActorId actorId, string actorType, SidecarActor sidecar, TypedMethods.Table methods, JsonSerializerOptions json) =>
        (ActorId, ActorType, _sidecar, _methods, _json) = (actorId, actorType, sidecar, methods, json);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        return _sidecar is null || _methods is null
            ? throw new InvalidOperationException("Proxies are made by an IActorProxyFactory.")
            : _methods[targetMethod].CallAsync(_sidecar, args ?? [], _json);
    }
}

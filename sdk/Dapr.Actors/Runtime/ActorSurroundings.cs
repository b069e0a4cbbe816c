using System.Text.Json;
using Dapr.Actors.Client;
using Dapr.Actors.Communication;
using Microsoft.Extensions.Logging;

namespace Dapr.Actors.Runtime;

/// <summary>What all actors of a runtime share.</summary>
internal sealed record ActorSurroundings(
    SidecarClient Sidecar, JsonSerializerOptions Json, IActorProxyFactory ProxyFactory, ILoggerFactory LoggerFactory, TimeProvider Clock)
{
    public JsonSerializerOptions TypedJson { get; } = NamedArguments.WithFields(Json);

    public ActorTimerManager TimerManager { get; } = new SidecarTimerManager(Sidecar, Clock);
}

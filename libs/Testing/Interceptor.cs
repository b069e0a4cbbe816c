using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub;
using DaprMesh.Sidecar.Runtime;
using DaprMesh.Sidecar.State;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Testing;

/// <summary>Puts the recorder and the fault switches between the sidecars and what they use.</summary>
internal sealed class Interceptor(EventRecorder events, Faults faults, TimeProvider clock) : ISidecarInterceptor
{
    public HttpMessageHandler ToApp(string appId, HttpMessageHandler inner) => new DeliveryHandler(appId, events, faults, clock, inner);

    public RequestDelegate Api(string appId, RequestDelegate inner) => http =>
    {
        if (!faults.IsCutOff(appId))
        {
            return inner(http);
        }

        http.Abort();
        return Task.CompletedTask;
    };

    public IComponent Component(string appId, LoadedComponent component) => component.Instance switch
    {
        IStateStore store => new WatchedStateStore(component.Name, store, faults),
        IPubSub pubsub => new WatchedPubSub(appId, component.Name, pubsub, events, faults, clock),
        var other => other,
    };
}

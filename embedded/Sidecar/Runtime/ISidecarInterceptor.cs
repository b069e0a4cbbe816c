using DaprMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>Stands between the sidecars of a runtime and what they use, so that a test can watch and disturb it. Asked once, at a sidecar's start.</summary>
public interface ISidecarInterceptor
{
    /// <summary>What a sidecar sends to its app with, instead of <paramref name="inner"/>.</summary>
    HttpMessageHandler ToApp(string appId, HttpMessageHandler inner);

    /// <summary>What answers on the sidecar's API port, instead of <paramref name="inner"/>.</summary>
    RequestDelegate Api(string appId, RequestDelegate inner);

    /// <summary>The component that is used instead of the one in <paramref name="component"/>, which is ready; the answer disposes it.</summary>
    IComponent Component(string appId, LoadedComponent component);
}

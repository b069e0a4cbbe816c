using DaprMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>The httpPipeline of the Configuration, wrapped around the API's routes.</summary>
internal static class HttpPipeline
{
    public static Func<RequestDelegate, RequestDelegate> Of(SidecarContext context) => next => next;
}

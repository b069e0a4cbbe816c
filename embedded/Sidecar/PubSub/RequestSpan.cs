using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>The span of the API request that is being answered; null when it is not traced.</summary>
internal static class RequestSpan
{
    public static Activity? Of(HttpContext http) => http.Features.Get<Activity>();
}

using DaprMesh.Gateway.Limits;

namespace DaprMesh.Gateway;

/// <summary>Counts requests by address before anything is computed for them: verifying made-up tokens costs more than asking.</summary>
internal sealed class AddressGate(RequestDelegate next, LimitGate limits)
{
    public async Task InvokeAsync(HttpContext http)
    {
        SecurityHeaders.Set(http);
        var path = http.Request.Path;
        // The sidecar asks at its start, probes and scrapes come every few seconds: none of them is a caller.
        var isProbe = path.StartsWithSegments("/healthz") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/dapr");
        if (isProbe || await limits.PassesAddressAsync(http))
        {
            await next(http);
        }
    }
}

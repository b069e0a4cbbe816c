using System.Globalization;
using DaprMesh.Gateway.Routing;
using DaprMesh.ServiceDefaults;

namespace DaprMesh.Gateway;

/// <summary>What the gateway says itself when it does not pass a request on, or has no answer to pass back.</summary>
internal static class Problems
{
    public static Task BadRequestAsync(HttpContext http, int status, string code, string detail) => http.WriteProblemAsync(status, code, detail);

    public static Task NoRouteAsync(HttpContext http) =>
        http.WriteProblemAsync(StatusCodes.Status404NotFound, "route.unknown", "There is no service under this path.");

    public static Task TooLargeAsync(HttpContext http, GatewayRoute route) => http.WriteProblemAsync(
        StatusCodes.Status413PayloadTooLarge, "body.too-large",
        $"The body may have {route.MaxBodySize.ToString("#,0", CultureInfo.InvariantCulture)} bytes at most.");

    public static Task UnreachableAsync(HttpContext http, GatewayRoute route, int status, int? retryAfter)
    {
        if (retryAfter is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return status == StatusCodes.Status504GatewayTimeout
            ? http.WriteProblemAsync(status, "service.timeout", $"The service {route.App} did not answer within {route.Timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s.")
            : http.WriteProblemAsync(status, "service.unreachable", $"The service {route.App} cannot be reached. Try again in a moment.");
    }
}

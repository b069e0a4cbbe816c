using System.Net;
using DaprMesh.Contracts;

namespace DaprMesh.Users;

internal static class ClientAddress
{
    /// <summary>Where a request comes from: the gateway says whom it speaks for, nobody else is believed.</summary>
    public static string Of(HttpContext http)
    {
        var told = http.CallingApp() == AppIds.Gateway ? http.Request.Headers["X-Forwarded-For"].LastOrDefault()?.Split(',')[^1].Trim() : null;
        return IPAddress.TryParse(told, out var address) ? address.ToString() : http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DaprMesh.Contracts;

namespace DaprMesh.Auth;

/// <summary>Where a request comes from, as far as the audit and the limits want to know.</summary>
/// <param name="Address">The client's address; for IPv6 the network that one household has.</param>
/// <param name="ActorId">The account or the app that asks; null: nobody known.</param>
internal sealed record Origin(string Address, string UserAgent, string? TraceId, string? TraceParent, string? ActorId)
{
    private const int MaxUserAgent = 200;

    /// <summary>The service itself.</summary>
    public static readonly Origin Own = new("", "", null, null, null);

    public static Origin Of(HttpContext http)
    {
        var agent = http.Request.Headers.UserAgent.ToString();
        var app = http.CallingApp();
        var user = http.CurrentUser();
        return new Origin(
            AddressOf(http, app),
            agent.Length > MaxUserAgent ? agent[..MaxUserAgent] : agent,
            Activity.Current?.TraceId.ToHexString(),
            Activity.Current?.Id,
            user.IsAuthenticated ? user.Id : app is null or AppIds.Gateway ? null : "app:" + app);
    }

    /// <summary>The gateway says whom it speaks for; nobody else is believed.</summary>
    private static string AddressOf(HttpContext http, string? app)
    {
        var forwarded = app is AppIds.Gateway ? http.Request.Headers["X-Forwarded-For"].LastOrDefault()?.Split(',')[^1].Trim() : null;
        return Normal(forwarded) ?? Text(http.Connection.RemoteIpAddress);
    }

    /// <summary>An address as it is counted; null: the text is none.</summary>
    public static string? Normal(string? address) => IPAddress.TryParse(address, out var told) ? Text(told) : null;

    private static string Text(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DaprMesh.Gateway.Routing;
using DaprMesh.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway.Limits;

/// <summary>Asks the limits that concern a request, tells the caller the tightest one, and refuses what is over it.</summary>
internal sealed class LimitGate(RateLimiter limiter, IOptions<GatewayOptions> options, GatewayMetrics metrics)
{
    private readonly RateLimit? _perAddress = Of(options.Value.PerAddress);
    private readonly RateLimit? _perIdentity = Of(options.Value.PerIdentity);

    /// <summary>Before anything is known or computed about the caller.</summary>
    public ValueTask<bool> PassesAddressAsync(HttpContext http) =>
        _perAddress is null ? new(true) : PassesAsync(http, new LimitKey("address", AddressOf(http)), _perAddress);

    public ValueTask<bool> PassesIdentityAsync(HttpContext http, string userId) =>
        _perIdentity is null ? new(true) : PassesAsync(http, new LimitKey("identity", userId), _perIdentity);

    /// <param name="userId">Null: nobody is logged in, and the address counts.</param>
    public ValueTask<bool> PassesRouteAsync(HttpContext http, GatewayRoute route, string? userId) =>
        route.Limit is null ? new(true) : PassesAsync(http, new LimitKey(route.Prefix, userId ?? AddressOf(http)), route.Limit);

    /// <summary>Who has one IPv6 address has 2^64 of them.</summary>
    internal static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes).ToString();
    }

    private static RateLimit? Of(RateLimit limit) => limit.Permits > 0 ? limit : null;

    private static string AddressOf(HttpContext http) => Network(http.Connection.RemoteIpAddress);

    private async ValueTask<bool> PassesAsync(HttpContext http, LimitKey key, RateLimit limit)
    {
        var permit = await limiter.TakeAsync(key, limit);
        Tell(http.Response.Headers, permit);
        if (permit.IsGranted)
        {
            return true;
        }

        metrics.Limited(key.Scope);
        http.Response.Headers.RetryAfter = permit.Reset.ToString(CultureInfo.InvariantCulture);
        await http.WriteProblemAsync(
            StatusCodes.Status429TooManyRequests, "rate.exceeded",
            $"No more than {permit.Limit} requests in {limit.Window.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s are allowed here. Try again in {permit.Reset} s.");
        return false;
    }

    private static void Tell(IHeaderDictionary headers, Permit permit)
    {
        if (permit.IsGranted && headers.TryGetValue("RateLimit-Remaining", out var told)
            && int.TryParse(told.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var remaining) && remaining <= permit.Remaining)
        {
            return;
        }

        headers["RateLimit-Limit"] = permit.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = permit.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = permit.Reset.ToString(CultureInfo.InvariantCulture);
    }
}

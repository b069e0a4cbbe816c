using System.Net;
using System.Text.RegularExpressions;
using DaprMesh.Gateway.Limits;
using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway.Routing;

/// <summary>Tells every fault of the route table at once, at the start.</summary>
internal sealed partial class RouteRules : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var faults = options.Routes.SelectMany(route => Faults(route.Key, route.Value))
            .Concat(LimitFaults("PerAddress", options.PerAddress))
            .Concat(LimitFaults("PerIdentity", options.PerIdentity))
            .Concat(options.TrustedProxies.Where(proxy => !IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _))
                .Select(proxy => $"TrustedProxies: '{proxy}' is neither an address nor a network such as 10.0.0.0/8."))
            .Concat(options.Routes.Keys.GroupBy(prefix => prefix.TrimEnd('/').ToUpperInvariant()).Where(group => group.Count() > 1)
                .Select(group => $"Routes: {string.Join(" and ", group)} are the same prefix."))
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string prefix, RouteSettings route)
    {
        if (!prefix.StartsWith('/') || prefix.Contains("//", StringComparison.Ordinal) || prefix.AsSpan().ContainsAny('?', '%', '#'))
        {
            yield return $"Routes: the prefix '{prefix}' has to be a path such as /api, decoded.";
        }

        if (!AppId().IsMatch(route.App))
        {
            yield return $"Routes: {prefix}: App '{route.App}' is no app id.";
        }

        if (route.Timeout is { } timeout && (timeout < TimeSpan.FromMilliseconds(100) || timeout > TimeSpan.FromHours(1)))
        {
            yield return $"Routes: {prefix}: Timeout has to lie between 0.1 s and an hour.";
        }

        if (route.Retries is < 0 or > 5)
        {
            yield return $"Routes: {prefix}: Retries has to lie between 0 and 5.";
        }

        if (route.MaxBodySize is < 0)
        {
            yield return $"Routes: {prefix}: MaxBodySize cannot be negative.";
        }

        foreach (var fault in LimitFaults($"Routes: {prefix}: Limit", route.Limit))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> LimitFaults(string place, RateLimit? limit)
    {
        if (limit is { Permits: < 0 })
        {
            yield return $"{place}: Permits cannot be negative; 0 is no limit.";
        }

        if (limit is not null && (limit.Window < TimeSpan.FromSeconds(1) || limit.Window > TimeSpan.FromDays(1)))
        {
            yield return $"{place}: Window has to lie between a second and a day.";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]*$")]
    private static partial Regex AppId();
}

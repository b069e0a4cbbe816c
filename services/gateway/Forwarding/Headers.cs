using System.Collections.Frozen;
using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;

namespace DaprMesh.Gateway.Forwarding;

/// <summary>Which headers pass the door, in either direction.</summary>
internal static class Headers
{
    // RFC 9110, 7.6.1: what belongs to one hop.
    private static readonly FrozenSet<string> HopByHop = FrozenSet.ToFrozenSet(
        [
            "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info",
            "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings",
        ],
        StringComparer.OrdinalIgnoreCase);

    // What others believe about a caller or a request, and the caller has no say in. Content-Length was X-Content-Length when the server distrusted it.
    private static readonly FrozenSet<string> Spoofable = FrozenSet.ToFrozenSet(
        [
            "Host", "Expect", "Forwarded", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP",
            "X-Remote-IP", "X-Remote-Addr", "X-ProxyUser-Ip", "X-Rewrite-URL", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override", "X-Content-Length",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] SpoofablePrefixes = ["X-User-", "X-Forwarded-", "X-Original-", "dapr-", "X-Remote-User", "X-Auth-"];

    private static readonly FrozenSet<string> Revealing = FrozenSet.ToFrozenSet(
        ["Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "Via"], StringComparer.OrdinalIgnoreCase);

    public static void CopyRequest(HttpContext http, HttpRequestMessage to)
    {
        var from = http.Request.Headers;
        var named = Named(from.Connection);
        var traced = Activity.Current is not null; // then the client adds the trace, with this request as the parent
        foreach (var (name, values) in from)
        {
            if (HopByHop.Contains(name) || IsSpoofable(name) || named?.Contains(name) == true
                || (traced && (name.Equals("traceparent", StringComparison.OrdinalIgnoreCase) || name.Equals("tracestate", StringComparison.OrdinalIgnoreCase))))
            {
                continue;
            }

            if (values.Count == 1)
            {
                if (!to.Headers.TryAddWithoutValidation(name, values[0]))
                {
                    to.Content?.Headers.TryAddWithoutValidation(name, values[0]);
                }
            }
            else if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        to.Headers.TryAddWithoutValidation("X-Forwarded-For", http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        to.Headers.TryAddWithoutValidation("X-Forwarded-Proto", http.Request.Scheme);
        to.Headers.TryAddWithoutValidation("X-Forwarded-Host", http.Request.Host.Value);
    }

    public static void CopyResponse(HttpResponseMessage from, HttpResponse to)
    {
        to.StatusCode = (int)from.StatusCode;
        var named = from.Headers.NonValidated.TryGetValues("Connection", out var connection) ? Named(new StringValues([.. connection])) : null;
        Copy(from.Headers, to.Headers, named);
        Copy(from.Content.Headers, to.Headers, named);
    }

    /// <summary>True for what a caller says about itself, in any spelling that a careless reader would accept.</summary>
    public static bool IsSpoofable(string name)
    {
        if (name.Contains('_', StringComparison.Ordinal))
        {
            name = name.Replace('_', '-');
        }

        return Spoofable.Contains(name) || (name[0] is 'X' or 'x' or 'd' or 'D' && Array.Exists(
            SpoofablePrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to, HashSet<string>? named)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (!HopByHop.Contains(name) && !Revealing.Contains(name) && named?.Contains(name) != true)
            {
                to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
            }
        }
    }

    private static HashSet<string>? Named(StringValues connection)
    {
        if (connection.Count == 0 || (connection.Count == 1 && connection[0] is { } one && one.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        return connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}

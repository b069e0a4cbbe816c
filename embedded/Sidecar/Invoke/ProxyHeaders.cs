using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>Headers of an invocation in both directions: everything but what belongs to one hop (RFC 9110, 7.6.1).</summary>
internal static class ProxyHeaders
{
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "HTTP2-Settings",
    };

    public static void CopyRequest(HttpContext http, HttpRequestMessage request)
    {
        var headers = http.Request.Headers;
        var named = Named(headers.Connection);
        foreach (var (name, values) in headers)
        {
            if (HopByHop.Contains(name) || named?.Contains(name) == true || IsOwn(name))
            {
                continue;
            }

            Add(request, name, values);
        }
    }

    public static void CopyResponse(HttpResponseMessage response, HttpContext http)
    {
        var to = http.Response.Headers;
        var named = response.Headers.NonValidated.TryGetValues("Connection", out var connection) ? Named(new StringValues([.. connection])) : null;
        Copy(response.Headers, to, named);
        Copy(response.Content.Headers, to, named);
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to, HashSet<string>? named)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            // The body is relayed as it streams, so the callee's length is not this hop's.
            if (!HopByHop.Contains(name) && named?.Contains(name) != true && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("Date", StringComparison.OrdinalIgnoreCase) && !name.Equals("Server", StringComparison.OrdinalIgnoreCase))
            {
                to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
            }
        }
    }

    private static void Add(HttpRequestMessage request, string name, StringValues values)
    {
        if (values.Count == 1)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values[0]))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values[0]);
            }
        }
        else if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    private static bool IsOwn(string name) =>
        name.Equals("Host", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith(InternalHeaders.Prefix, StringComparison.OrdinalIgnoreCase);

    private static HashSet<string>? Named(StringValues connection) => connection.Count == 0
        ? null
        : connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Headers between sidecars; none of them leaves them.</summary>
internal static class InternalHeaders
{
    public const string Prefix = "dapr-internal-";

    public const string Secret = "dapr-internal-secret";

    public const string Caller = "dapr-internal-caller";

    public const string CallerNamespace = "dapr-internal-caller-namespace";

    /// <summary>Which attempt of the caller's sidecar it is.</summary>
    public const string Attempt = "dapr-internal-attempt";

    /// <summary>On an answer: it is the callee's sidecar that speaks, with this gRPC code; the body is the message.</summary>
    public const string Error = "dapr-internal-error";

    /// <summary>With <see cref="Error"/>: the app has seen nothing of the request.</summary>
    public const string NothingSent = "dapr-internal-nothing-sent";
}

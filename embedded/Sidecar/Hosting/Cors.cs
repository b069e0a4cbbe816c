using System.Net;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>CORS for <c>--allowed-origins</c>; without the flag there is none.</summary>
internal sealed class Cors
{
    private readonly bool _any;
    private readonly HashSet<string> _origins;

    private Cors(string[] origins)
    {
        _any = origins.Contains("*");
        _origins = origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public static Cors? From(string allowedOrigins) =>
        allowedOrigins.Length == 0 ? null : new Cors(allowedOrigins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Adds the headers; true when the request was a preflight and is answered.</summary>
    public bool Answers(HttpContext http)
    {
        var headers = http.Response.Headers;
        var origin = http.Request.Headers.Origin.ToString();
        var allowed = origin.Length > 0 && (_any || _origins.Contains(origin));
        var preflight = http.Request.Method == "OPTIONS" && http.Request.Headers.AccessControlRequestMethod.Count > 0;
        if (!preflight)
        {
            headers.Append("Vary", "Origin");
            if (allowed)
            {
                headers.AccessControlAllowOrigin = _any ? "*" : origin;
            }

            return false;
        }

        headers.Append("Vary", "Origin");
        headers.Append("Vary", "Access-Control-Request-Method");
        headers.Append("Vary", "Access-Control-Request-Headers");
        http.Response.StatusCode = (int)HttpStatusCode.OK;
        if (allowed)
        {
            headers.AccessControlAllowOrigin = _any ? "*" : origin;
            headers.AccessControlAllowMethods = http.Request.Headers.AccessControlRequestMethod.ToString().ToUpperInvariant();
            if (http.Request.Headers.AccessControlRequestHeaders.ToString() is { Length: > 0 } requested)
            {
                headers.AccessControlAllowHeaders = string.Join(", ", requested.Split(',', StringSplitOptions.TrimEntries).Select(Canonical));
            }
        }

        return true;
    }

    /// <summary>Go's canonical header spelling: Content-Type.</summary>
    private static string Canonical(string name) => string.Join('-', name.Split('-').Select(
        part => part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant()));
}

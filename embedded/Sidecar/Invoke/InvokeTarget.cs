using System.Text;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>What a request wants invoked.</summary>
/// <param name="Id">App id, HTTPEndpoint name or <c>http(s)://</c> address.</param>
/// <param name="Method">The escaped method path, without a leading slash.</param>
internal readonly record struct InvokeTarget(string Id, string Method)
{
    private const string Prefix = "/v1.0/invoke/";

    /// <summary>From the header <c>dapr-app-id</c>, the path, or basic authentication; null when none of them names an app.</summary>
    public static InvokeTarget? Of(HttpContext http, string rawPath)
    {
        if (http.Request.Headers["dapr-app-id"].ToString() is { Length: > 0 } header)
        {
            http.Request.Headers.Remove("dapr-app-id");
            return new(header, rawPath[1..]);
        }

        // Slashes too many in the prefix do not matter; those of the method are resolved with it.
        var path = rawPath.Contains("//", StringComparison.Ordinal) ? SingleSlashes(rawPath) : rawPath;
        if (path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return FromPath(path);
        }

        return FromBasicAuthentication(http.Request.Headers.Authorization.ToString()) is { } appId ? new(appId, rawPath[1..]) : null;
    }

    private static string SingleSlashes(string path)
    {
        var text = new StringBuilder(path.Length);
        foreach (var c in path)
        {
            if (c != '/' || text.Length == 0 || text[^1] != '/')
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private static InvokeTarget? FromPath(string rawPath)
    {
        var method = rawPath.IndexOf("/method/", Prefix.Length - 1, StringComparison.Ordinal);
        if (method < Prefix.Length)
        {
            return null;
        }

        var raw = rawPath[Prefix.Length..method];
        var id = Uri.UnescapeDataString(raw);
        var isAddress = id.StartsWith("http:/", StringComparison.Ordinal) || id.StartsWith("https:/", StringComparison.Ordinal);
        if (raw.Length == 0 || (raw.Contains('/', StringComparison.Ordinal) && !isAddress))
        {
            return null;
        }

        return new(id, rawPath[(method + "/method/".Length)..]);
    }

    private static string? FromBasicAuthentication(string authorization)
    {
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var buffer = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization["Basic ".Length..].Trim(), buffer, out var length))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return pair is ["dapr-app-id", { Length: > 0 } appId] ? appId : null;
    }
}

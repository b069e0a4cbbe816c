using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Request paths as daprd sees them: escaped, without double and trailing slashes and dot segments.</summary>
internal static class ApiPath
{
    /// <summary>The escaped path of the request line.</summary>
    public static string Raw(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (http.Features.Get<EncodedNul>() is { InTarget: true })
        {
            target = target.Replace(EncodedNul.Substitute, EncodedNul.Escape, StringComparison.Ordinal);
        }

        if (!target.StartsWith('/'))
        {
            // Absolute form, as a proxy's client sends it.
            var scheme = target.IndexOf("://", StringComparison.Ordinal);
            var slash = scheme < 0 ? -1 : target.IndexOf('/', scheme + 3);
            target = slash < 0 ? "/" : target[slash..];
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    /// <summary>The path without its leading slash; nothing but a copy-free slice when it is clean already.</summary>
    public static string Clean(string path)
    {
        if (IsClean(path))
        {
            return path[1..];
        }

        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            switch (segment)
            {
                case "" or ".":
                    break;
                case "..":
                    if (kept.Count > 0)
                    {
                        kept.RemoveAt(kept.Count - 1);
                    }

                    break;
                default:
                    kept.Add(segment);
                    break;
            }
        }

        return string.Join('/', kept);
    }

    /// <summary>False: a percent sign that begins no escape, which Go's server refuses.</summary>
    public static bool IsEscaped(string path)
    {
        for (var at = path.IndexOf('%', StringComparison.Ordinal); at >= 0; at = path.IndexOf('%', at + 1))
        {
            if (at + 2 >= path.Length || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsClean(string path)
    {
        if (path.Length == 1)
        {
            return true;
        }

        if (path.EndsWith('/'))
        {
            return false;
        }

        for (var i = 0; i + 1 < path.Length; i++)
        {
            if (path[i] == '/' && path[i + 1] is '/' or '.')
            {
                return false;
            }
        }

        return true;
    }
}

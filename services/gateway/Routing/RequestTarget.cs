using System.Globalization;

namespace DaprMesh.Gateway.Routing;

/// <summary>
/// Path and query as the caller wrote them, when everybody who reads them on their way will read the same. The gateway routes by the decoded path,
/// and others decode again; what they could take for another path is refused here.
/// </summary>
internal static class RequestTarget
{
    /// <param name="raw">The target of the request line.</param>
    /// <returns>Null: refused.</returns>
    public static string? Read(string raw)
    {
        if (raw.StartsWith('/'))
        {
            return IsPlain(Path(raw)) ? raw : null;
        }

        // The form that proxies are asked in. The server has compared its authority with the Host header; here only the path counts.
        var authority = raw.IndexOf("://", StringComparison.Ordinal);
        var path = authority < 0 ? -1 : raw.IndexOf('/', authority + 3);
        return path > 0 && IsPlain(Path(raw.AsSpan(path))) ? raw[path..] : null;
    }

    private static ReadOnlySpan<char> Path(ReadOnlySpan<char> target) => target.IndexOf('?') is >= 0 and var query ? target[..query] : target;

    private static bool IsPlain(ReadOnlySpan<char> path)
    {
        var dots = 0;
        var others = 0; // characters of the segment besides dots
        for (var i = 1; i < path.Length; i++)
        {
            var c = path[i];
            var slash = c == '/';
            if (c == '%')
            {
                if (i + 2 >= path.Length || !byte.TryParse(path.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
                {
                    return false;
                }

                c = (char)b;
                i += 2;
            }

            if (c is < ' ' or '\x7f' or '\\' || (!slash && c is '#' && path[i] == '#') || path[i] is ' ' or > '\x7e')
            {
                return false;
            }

            if (slash && dots + others == 0)
            {
                return false; // an empty segment: some merge it with the next, some do not
            }

            if (c == '/')
            {
                if (others == 0 && dots is 1 or 2)
                {
                    return false;
                }

                (dots, others) = (0, 0);
            }
            else if (c == '.')
            {
                dots++;
            }
            else
            {
                others++;
            }
        }

        return others > 0 || dots is not (1 or 2);
    }
}

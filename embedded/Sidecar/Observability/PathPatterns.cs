namespace DaprMesh.Sidecar.Observability;

/// <summary>
/// The <c>pathMatching</c> patterns, read as Go's ServeMux reads them: <c>{name}</c> is one segment, <c>{name...}</c> or a slash
/// at the end the rest of the path, and the more specific of two patterns wins. Each also stands for the same path of any invoked app.
/// </summary>
internal sealed class PathPatterns
{
    private const string InvokePrefix = "/v1.0/invoke/";

    private readonly Pattern[] _patterns;

    public PathPatterns(IReadOnlyList<string> patterns)
    {
        var all = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns.Select(Normalize))
        {
            all.Add(pattern);
            if (!pattern.StartsWith(InvokePrefix, StringComparison.Ordinal))
            {
                all.Add(InvokePrefix + "{app_id}/method" + pattern);
            }
        }

        _patterns = [.. all.Select(text => new Pattern(text)).OrderByDescending(pattern => pattern, Pattern.BySpecificity)];
    }

    public bool Any => _patterns.Length > 0;

    /// <summary>The pattern that takes the path, or null.</summary>
    public string? Match(string path)
    {
        var segments = Normalize(path)[1..].Split('/');
        foreach (var pattern in _patterns)
        {
            if (pattern.Takes(segments))
            {
                return pattern.Text;
            }
        }

        return null;
    }

    /// <summary>One slash in front, and none twice.</summary>
    public static string Normalize(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return path.StartsWith('/') ? path : "/" + path;
    }

    private sealed class Pattern
    {
        private const char Literal = 'c', Single = 'b', Rest = 'a';

        private readonly string[] _segments;
        private readonly bool _takesRest;
        private readonly string _kinds;

        public Pattern(string text)
        {
            Text = text;
            var segments = text[1..].Split('/');
            _takesRest = segments[^1].Length == 0 || segments[^1].EndsWith("...}", StringComparison.Ordinal);
            var exactEnd = segments[^1] == "{$}";
            _segments = _takesRest ? segments[..^1] : exactEnd ? [.. segments[..^1], ""] : segments;
            _kinds = new string([.. _segments.Select(segment => IsWildcard(segment) ? Single : Literal)]) + (_takesRest ? Rest : Literal);
        }

        public static IComparer<Pattern> BySpecificity { get; } =
            Comparer<Pattern>.Create((one, other) => string.CompareOrdinal(one._kinds, other._kinds));

        public string Text { get; }

        public bool Takes(string[] path)
        {
            if (_takesRest ? path.Length <= _segments.Length : path.Length != _segments.Length)
            {
                return false;
            }

            for (var i = 0; i < _segments.Length; i++)
            {
                if (IsWildcard(_segments[i]) ? path[i].Length == 0 : _segments[i] != path[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsWildcard(string segment) => segment.StartsWith('{') && segment.EndsWith('}');
    }
}

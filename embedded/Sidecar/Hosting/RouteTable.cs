using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>A route of the Dapr API.</summary>
/// <param name="Template">Such as <c>v1.0/state/{store}/{key}</c>; <c>{topic*}</c> as the last segment takes the rest of the path.</param>
/// <param name="Group">The API's name in <c>spec.api.allowed</c> and <c>denied</c>.</param>
public sealed record Route(
    IReadOnlySet<string> Methods, string Template, string Group, string Version, string[] Parameters, Func<ApiCall, Task> Handler);

/// <summary>
/// The routes of the Dapr API. Matching is daprd's, not ASP.NET Core's: it works on the escaped path, a fixed segment beats a parameter,
/// and what matches nothing (also the wrong verb of a known path) is left to service invocation.
/// </summary>
public sealed class RouteTable
{
    private readonly Node _root = new();

    /// <param name="methods">Verbs separated by <c>|</c>, or <c>*</c> for any.</param>
    /// <param name="template">The path without its leading slash; the first segment is the API version.</param>
    public void Map(string methods, string template, string group, Func<ApiCall, Task> handler)
    {
        var segments = template.Split('/');
        var parameters = segments.Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}', '*')).ToArray();
        var route = new Route(methods.Split('|').ToHashSet(StringComparer.Ordinal), template, group, segments[0], parameters, handler);

        var node = _root;
        foreach (var segment in segments)
        {
            node = segment switch
            {
                _ when segment.EndsWith("*}", StringComparison.Ordinal) => node.Rest ??= new(),
                _ when segment.StartsWith('{') => node.Any ??= new(),
                _ => node.Fixed.TryGetValue(segment, out var next) ? next : node.Fixed[segment] = new(),
            };
        }

        node.Routes.Add(route);
    }

    /// <summary>Leaves out routes that the configuration does not allow.</summary>
    public Func<Route, bool> IsAllowed { get; set; } = _ => true;

    /// <param name="path">The escaped path without its leading slash, cleaned of double and trailing slashes.</param>
    public bool TryMatch(HttpContext http, string path, [NotNullWhen(true)] out ApiCall? call)
    {
        Span<Range> segments = stackalloc Range[32];
        var count = path.AsSpan().Split(segments, '/');
        var values = new List<string>(4);
        var route = Find(_root, path, segments[..count], 0, http.Request.Method, values);
        if (route is null)
        {
            call = null;
            return false;
        }

        var unescaped = new string[values.Count];
        for (var i = 0; i < unescaped.Length; i++)
        {
            if (!QueryText.TryUnescape(values[i], out unescaped[i]))
            {
                unescaped[i] = values[i];
            }
        }

        call = new ApiCall(http, route, unescaped);
        return true;
    }

    /// <summary>The verbs that the path would be answered for; empty: the path is unknown.</summary>
    public IReadOnlyList<string> MethodsOf(string path)
    {
        string[] verbs = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
        Span<Range> segments = stackalloc Range[32];
        var count = path.AsSpan().Split(segments, '/');
        var found = new List<string>();
        foreach (var verb in verbs)
        {
            if (Find(_root, path, segments[..count], 0, verb, []) is not null)
            {
                found.Add(verb);
            }
        }

        return found;
    }

    private Route? Find(Node node, string path, ReadOnlySpan<Range> segments, int depth, string method, List<string> values)
    {
        if (depth == segments.Length)
        {
            return node.Match(method, IsAllowed);
        }

        var segment = path.AsSpan()[segments[depth]];
        if (node.Fixed.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out var next)
            && Find(next, path, segments, depth + 1, method, values) is { } found)
        {
            return found;
        }

        if (node.Any is not null && segment.Length > 0)
        {
            values.Add(segment.ToString());
            if (Find(node.Any, path, segments, depth + 1, method, values) is { } any)
            {
                return any;
            }

            values.RemoveAt(values.Count - 1);
        }

        if (node.Rest?.Match(method, IsAllowed) is { } rest)
        {
            values.Add(path[segments[depth].Start..]);
            return rest;
        }

        return null;
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Fixed { get; } = new(StringComparer.Ordinal);

        public Node? Any { get; set; }

        public Node? Rest { get; set; }

        public List<Route> Routes { get; } = [];

        public Route? Match(string method, Func<Route, bool> isAllowed)
        {
            foreach (var route in Routes)
            {
                if ((route.Methods.Contains(method) || route.Methods.Contains("*")) && isAllowed(route))
                {
                    return route;
                }
            }

            return null;
        }
    }
}

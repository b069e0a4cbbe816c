using System.Text;
using System.Text.RegularExpressions;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>middleware.http.routeralias: paths by other names; <c>{parts}</c> of a path become query parameters.</summary>
internal sealed partial class RouterAliasMiddleware(Component component) : IHttpMiddleware
{
    private IReadOnlyList<(Regex Pattern, string Target)> _routes = [];

    public Task InitAsync(CancellationToken ct)
    {
        _routes = [.. Routes().Select(route => (Pattern(route.Key), route.Value))];
        return Task.CompletedTask;
    }

    public ValueTask ApplyAsync(MiddlewareExchange exchange, CancellationToken ct)
    {
        foreach (var (pattern, target) in _routes)
        {
            if (pattern.Match(exchange.Path) is not { Success: true } match)
                continue;

            var query = new StringBuilder(exchange.Query);
            foreach (var group in match.Groups.Values.Skip(1))
            {
                query.Append(query.Length == 0 ? '?' : '&')
                    .Append(Uri.EscapeDataString(group.Name)).Append('=').Append(Uri.EscapeDataString(Uri.UnescapeDataString(group.Value)));
            }

            exchange.Rewrite(target, query.ToString());
            break;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The routes as one value of JSON or YAML, or as older components have them: a metadata item each.</summary>
    private IEnumerable<KeyValuePair<string, string>> Routes()
    {
        if (component.Metadata.Count != 1 || component.Find("routes") is not { Length: > 0 } routes)
            return component.Metadata;

        var document = YamlText.Read(routes, "routes") ?? YamlNode.Map(1);
        return document.Kind == YamlKind.Map && document.Entries.TrueForAll(route => route.Value.Kind == YamlKind.Scalar)
            ? document.Entries.Select(route => KeyValuePair.Create(route.Key, route.Value.Text))
            : throw new FormatException("failed to decode 'routes' property as JSON or YAML: expected a map of paths");
    }

    private static Regex Pattern(string path)
    {
        var pattern = new StringBuilder("^");
        var at = 0;
        foreach (Match part in Part().Matches(path))
        {
            pattern.Append(Regex.Escape(path[at..part.Index]))
                .Append($"(?<{part.Groups["name"].Value}>{(part.Groups["rule"].Success ? part.Groups["rule"].Value : "[^/]+")})");
            at = part.Index + part.Length;
        }

        return new Regex(pattern.Append(Regex.Escape(path[at..])).Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    [GeneratedRegex(@"\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:(?<rule>[^{}]+))?\}")]
    private static partial Regex Part();
}

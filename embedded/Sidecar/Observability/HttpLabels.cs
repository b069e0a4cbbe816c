using System.Globalization;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Observability;

/// <summary>The <c>method</c>, <c>path</c> and <c>status</c> labels of HTTP metrics, by the Configuration's rules for cardinality.</summary>
internal sealed class HttpLabels
{
    // daprd asks for /dapr/subscribe as "dapr/subscribe", which it does not find among its own static paths.
    private static readonly HashSet<string> StaticPaths = new(StringComparer.Ordinal) { "/dapr/config", "/dapr/metrics", "/healthz" };

    private static readonly HashSet<string> Verbs = new(StringComparer.Ordinal)
    {
        "GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE",
    };

    private static readonly string[] Statuses = [.. Enumerable.Range(0, 600).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    private readonly PathLabelCache _serverPaths;
    private readonly PathLabelCache _clientPaths;
    private readonly PathPatterns _patterns;
    private readonly bool _excludeVerbs;

    public HttpLabels(MetricsSpec spec)
    {
        _patterns = new PathPatterns(spec.PathMatching);
        _excludeVerbs = spec.ExcludeVerbs;
        IncreasedCardinality = spec.IncreasedCardinality ?? true;
        _serverPaths = new PathLabelCache(FindServerPath);
        _clientPaths = new PathLabelCache(FindClientPath);
    }

    public bool IncreasedCardinality { get; }

    public static string Status(int status) =>
        (uint)status < (uint)Statuses.Length ? Statuses[status] : status.ToString(CultureInfo.InvariantCulture);

    public string Method(string method) => _excludeVerbs ? "" : Verbs.Contains(method) ? method : "UNKNOWN";

    /// <summary>The label of a path of the Dapr API.</summary>
    public string ServerPath(string path) => _serverPaths.Of(path);

    /// <summary>The label of a path of the app.</summary>
    public string ClientPath(string path) => _clientPaths.Of(path);

    private string FindServerPath(string path)
    {
        if (_patterns.Any)
        {
            return Label(PathPatterns.Normalize(path));
        }

        return IncreasedCardinality ? ApiPathLabel.Of(path) : "";
    }

    private string FindClientPath(string path)
    {
        if (!_patterns.Any && !IncreasedCardinality)
        {
            return StaticPaths.Contains(path) ? path : "";
        }

        return ApiPathLabel.Of(Label(path));
    }

    private string Label(string path)
    {
        if (StaticPaths.Contains(path))
        {
            return path;
        }

        if (!_patterns.Any)
        {
            return ApiPathLabel.Of(path);
        }

        var withoutIds = ApiPathLabel.Of(path);
        if (_patterns.Match(path) is { } matched)
        {
            return matched;
        }

        // A pattern may also be written for the path without its ids, such as /v1.0/state/orders.
        if (withoutIds != path && _patterns.Match(withoutIds) is { } general and not "/")
        {
            return general;
        }

        return IncreasedCardinality ? withoutIds : "";
    }
}

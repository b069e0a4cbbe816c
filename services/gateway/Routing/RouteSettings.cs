using DaprMesh.Gateway.Limits;

namespace DaprMesh.Gateway.Routing;

/// <summary>What a bearer token means to a route.</summary>
internal enum TokenRule
{
    /// <summary>A wrong one is refused; without one the app decides.</summary>
    Optional,

    /// <summary>Nobody passes without a valid one.</summary>
    Required,

    /// <summary>The app looks at it alone: to log in or refresh is what one does with a token that has ended.</summary>
    Ignored,
}

/// <summary>One line of the route table; what is null is as for all.</summary>
internal sealed class RouteSettings
{
    /// <summary>The app id.</summary>
    public string App { get; set; } = "";

    public TimeSpan? Timeout { get; set; }

    public int? Retries { get; set; }

    public long? MaxBodySize { get; set; }

    public TokenRule Token { get; set; }

    /// <summary>A limit of this route, for each caller, besides those for all.</summary>
    public RateLimit? Limit { get; set; }
}

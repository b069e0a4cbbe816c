namespace Prometheus.HttpMetrics;

/// <summary>The labels that the HTTP server's metrics may have.</summary>
public static class HttpRequestLabelNames
{
    public const string Code = "code";
    public const string Method = "method";
    public const string Controller = "controller";
    public const string Action = "action";
    public const string Page = "page";
    public const string Endpoint = "endpoint";

    public static readonly string[] All = [Code, Method, Controller, Action, Page, Endpoint];
}

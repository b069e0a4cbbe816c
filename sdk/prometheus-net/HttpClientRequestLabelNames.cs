namespace Prometheus.HttpClientMetrics;

/// <summary>The labels that an HTTP client's metrics may have.</summary>
public static class HttpClientRequestLabelNames
{
    public const string Method = "method";
    public const string Host = "host";
    public const string Client = "client";
    public const string Code = "code";

    public static readonly string[] All = [Method, Host, Client, Code];

    /// <summary>Those with a value before the answer is there.</summary>
    public static readonly string[] KnownInAdvance = [Method, Host, Client];
}

namespace Prometheus.HttpClientMetrics;

/// <summary>The name of an HTTP client, as its metrics show it.</summary>
public sealed class HttpClientIdentity(string name)
{
    public static readonly HttpClientIdentity Default = new("default");

    public string Name { get; } = name;
}

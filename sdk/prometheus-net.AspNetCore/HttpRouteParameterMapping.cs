namespace Prometheus.HttpMetrics;

/// <summary>A label whose value is a route parameter.</summary>
public sealed class HttpRouteParameterMapping
{
    public HttpRouteParameterMapping(string name)
        : this(name, name)
    {
    }

    public HttpRouteParameterMapping(string parameterName, string labelName)
    {
        ParameterName = parameterName;
        LabelName = labelName;
    }

    public string ParameterName { get; }

    public string LabelName { get; }

    public static implicit operator HttpRouteParameterMapping(string name) => new(name);
}

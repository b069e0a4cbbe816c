using Microsoft.AspNetCore.Http;

namespace Prometheus.HttpMetrics;

/// <summary>A label whose value a function takes from the request.</summary>
public sealed class HttpCustomLabel(string labelName, Func<HttpContext, string> labelValueProvider)
{
    public string LabelName { get; } = labelName;

    public Func<HttpContext, string> LabelValueProvider { get; } = labelValueProvider;
}

using System.Globalization;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Observability;

/// <summary>A Configuration's tracing completed by the OTEL_ variables of the environment.</summary>
internal sealed record TracingSettings(double SamplingRate, OtelSpec? Otel, IReadOnlyDictionary<string, string> Resource)
{
    private const double DefaultSamplingRate = 0.0001;
    private const string ServiceName = "service.name";

    public string Service => Resource[ServiceName];

    /// <exception cref="ArgumentException">The exporter's protocol, or a variable, has no meaning.</exception>
    public static TracingSettings From(TracingSpec spec, string appId, IReadOnlyDictionary<string, string> environment)
    {
        if (spec.Otel is { EndpointAddress.Length: > 0 } configured)
        {
            if (configured.Protocol.Length > 0 && configured.Protocol is not ("grpc" or "http"))
            {
                throw new ArgumentException($"invalid protocol {configured.Protocol} provided for Otel endpoint", nameof(spec));
            }

            // Without a protocol daprd exports nothing.
            var exports = configured.Protocol.Length > 0 ? configured : null;
            return new TracingSettings(spec.SamplingRate ?? DefaultSamplingRate, exports, ResourceOf(appId, environment));
        }

        var otel = FromEnvironment(environment);
        return new TracingSettings(
            spec.SamplingRate ?? (otel is null ? DefaultSamplingRate : 1), otel, ResourceOf(appId, environment));
    }

    private static OtelSpec? FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var endpoint = Value("ENDPOINT");
        if (endpoint.Length == 0)
        {
            return null;
        }

        var timeout = Value("TIMEOUT");
        var milliseconds = 0;
        if (timeout.Length > 0 && !int.TryParse(timeout, CultureInfo.InvariantCulture, out milliseconds))
        {
            throw new ArgumentException($"the OTLP exporter's timeout is not a number of milliseconds: {timeout}", nameof(environment));
        }

        return new OtelSpec(
            Without(Without(endpoint, "http://"), "https://"),
            Value("PROTOCOL").StartsWith("http", StringComparison.Ordinal) ? "http" : "grpc",
            environment.GetValueOrDefault("OTEL_EXPORTER_OTLP_INSECURE") != "true",
            Pairs(Value("HEADERS")),
            milliseconds > 0 ? TimeSpan.FromMilliseconds(milliseconds) : null);

        string Value(string name) =>
            environment.GetValueOrDefault("OTEL_EXPORTER_OTLP_TRACES_" + name) is { Length: > 0 } ofTraces ? ofTraces
            : environment.GetValueOrDefault("OTEL_EXPORTER_OTLP_" + name, "");
    }

    private static Dictionary<string, string> ResourceOf(string appId, IReadOnlyDictionary<string, string> environment)
    {
        var resource = new Dictionary<string, string>(StringComparer.Ordinal) { [ServiceName] = appId };
        foreach (var (name, value) in Pairs(environment.GetValueOrDefault("OTEL_RESOURCE_ATTRIBUTES", "")))
        {
            resource[name] = value;
        }

        if (environment.GetValueOrDefault("OTEL_SERVICE_NAME") is { Length: > 0 } service)
        {
            resource[ServiceName] = service;
        }

        return resource;
    }

    /// <summary><c>a=1,b=2</c>, percent-encoded.</summary>
    private static Dictionary<string, string> Pairs(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                pairs[Uri.UnescapeDataString(pair[..equals].Trim())] = Uri.UnescapeDataString(pair[(equals + 1)..].Trim());
            }
        }

        return pairs;
    }

    private static string Without(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
}

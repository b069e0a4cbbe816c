using System.Globalization;

namespace DaprMesh.Sidecar.Resources;

/// <summary>OpenTelemetry's standard environment variables, which count when no endpoint is configured.</summary>
internal static class Otlp
{
    public static Configuration FromEnvironment(Configuration configuration, IReadOnlyDictionary<string, string> environment)
    {
        var tracing = configuration.Tracing;
        if (tracing.Otel is { EndpointAddress.Length: > 0 })
            return configuration;

        if (Variable(environment, "ENDPOINT") is not { } endpoint)
            return configuration;

        var secure = environment.GetValueOrDefault("OTEL_EXPORTER_OTLP_INSECURE") != "true" && (tracing.Otel?.IsSecure ?? true);
        var protocol = Variable(environment, "PROTOCOL")?.StartsWith("http", StringComparison.Ordinal) == true ? "http" : "grpc";
        var headers = new Dictionary<string, string>(tracing.Otel?.Headers ?? new Dictionary<string, string>());
        foreach (var (name, value) in Headers(Variable(environment, "HEADERS")))
        {
            headers[name] = value;
        }

        return configuration with
        {
            Tracing = tracing with
            {
                SamplingRate = tracing.SamplingRate ?? 1,
                Otel = new(WithoutScheme(endpoint), protocol, secure, headers, Timeout(Variable(environment, "TIMEOUT")) ?? tracing.Otel?.Timeout),
            },
        };
    }

    private static string? Variable(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.GetValueOrDefault($"OTEL_EXPORTER_OTLP_TRACES_{name}") is { Length: > 0 } own ? own
        : environment.GetValueOrDefault($"OTEL_EXPORTER_OTLP_{name}") is { Length: > 0 } common ? common
        : null;

    private static string WithoutScheme(string endpoint) =>
        endpoint.StartsWith("http://", StringComparison.Ordinal) ? endpoint[7..]
        : endpoint.StartsWith("https://", StringComparison.Ordinal) ? endpoint[8..]
        : endpoint;

    private static IEnumerable<(string Name, string Value)> Headers(string? headers)
    {
        foreach (var header in headers?.Split(',') ?? [])
        {
            var parts = header.Split('=', 2);
            if (parts.Length < 2)
                throw new ResourceException($"error setting tracing spec from env: missing '=' parse headers input{header}");

            yield return (parts[0].Trim(), Uri.UnescapeDataString(parts[1]).Trim());
        }
    }

    private static TimeSpan? Timeout(string? milliseconds)
    {
        if (milliseconds is null)
            return null;

        return int.TryParse(milliseconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value > 0 ? TimeSpan.FromMilliseconds(value) : null
            : throw new ResourceException($"error setting tracing spec from env: \"{milliseconds}\" is not a number of milliseconds");
    }
}

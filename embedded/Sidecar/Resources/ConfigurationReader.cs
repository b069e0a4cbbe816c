using System.Globalization;

namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads the configuration files: environment expanded, later files over earlier ones, defaults filled in.</summary>
internal static class ConfigurationReader
{
    private static readonly string[] DefaultFeatures = ["HotReload", "WorkflowsRemoteActivityReminder"];

    /// <exception cref="ResourceException">A file is missing, unreadable or makes no sense.</exception>
    public static Configuration Read(IReadOnlyList<string> files, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            YamlNode? merged = null;
            foreach (var file in files)
            {
                var text = EnvironmentText.Expand(ReadFile(file), environment);
                if (YamlText.Read(text, file) is { IsNull: false } document)
                    merged = merged?.MergedWith(document) ?? document;
            }

            return Otlp.FromEnvironment(Convert(merged, files), environment);
        }
        catch (ResourceFormatException e)
        {
            throw new ResourceException($"error loading configuration: {e.Message}", e);
        }
    }

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ResourceException($"error loading configuration: stat {file}: no such file or directory", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ResourceException($"error loading configuration: open {file}: {e.Message}", e);
        }
    }

    private static Configuration Convert(YamlNode? document, IReadOnlyList<string> files)
    {
        if (document is null)
            return new Configuration { Features = Features(null) };

        if (document.Kind != YamlKind.Map)
            throw new ResourceFormatException(files[^1], document.Line, field: null, "expected a map");

        // Where several files were merged the last one is named; the line is that of the file the value came from.
        var root = new Fields(document, files[^1], exactNames: true);
        var spec = root.Map("spec");
        var api = spec?.Map("api");
        return new Configuration
        {
            Name = root.Map("metadata")?.Text("name") ?? "daprConfig",
            Tracing = Tracing(spec?.Map("tracing")),
            Metrics = MetricsReader.Read(spec?.Map("metric"), spec?.Map("metrics")),
            HttpPipeline = Pipeline(spec?.Map("httpPipeline")),
            AppHttpPipeline = Pipeline(spec?.Map("appHttpPipeline")),
            SecretScopes = SecretScopes(spec?.Map("secrets")),
            AccessControl = AccessControlReader.Read(spec?.Map("accessControl")),
            NameResolution = NameResolution(spec?.Map("nameResolution")),
            Features = Features(spec),
            ApiAllowed = api?.List("allowed", Rule) ?? [],
            ApiDenied = api?.List("denied", Rule) ?? [],
            DeniedComponents = spec?.Map("components")?.TextList("deny") ?? [],
            ApiLogging = ApiLogging(spec?.Map("logging")?.Map("apiLogging")),
        };
    }

    private static TracingSpec Tracing(Fields? tracing)
    {
        if (tracing is null)
            return new TracingSpec();

        // A rate that is not a number counts as not set.
        double? rate = double.TryParse(tracing.Text("samplingRate"), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
        return new(rate, tracing.Flag("stdout") ?? false, tracing.Map("zipkin")?.Text("endpointAddress") is { Length: > 0 } zipkin ? zipkin : null, Otel(tracing.Map("otel")));
    }

    private static OtelSpec? Otel(Fields? otel) => otel is null ? null : new(
        otel.Text("endpointAddress") ?? "",
        otel.Text("protocol") ?? "",
        otel.Flag("isSecure") ?? true,
        otel.TextList("headers").Select(header => header.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : ""),
        otel.Duration("timeout"));

    private static IReadOnlyList<PipelineHandler> Pipeline(Fields? pipeline) =>
        pipeline?.List("handlers", handler => new PipelineHandler(
            handler.Text("name") ?? "", handler.Text("type") ?? "", handler.Text("version") ?? "")) ?? [];

    private static IReadOnlyList<SecretScope> SecretScopes(Fields? secrets)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return secrets?.List("scopes", scope =>
        {
            var store = scope.Text("storeName") ?? "";
            if (!seen.Add(store))
                throw scope.Error("storeName", $"{store} storeName is repeated in secrets configuration");

            var access = scope.Text("defaultAccess") ?? "";
            return access.ToUpperInvariant() is "" or "ALLOW" or "DENY"
                ? new SecretScope(store, access, scope.TextList("allowedSecrets"), scope.TextList("deniedSecrets"))
                : throw scope.Error("defaultAccess", $"defaultAccess {access} can be either allow or deny");
        }) ?? [];
    }

    private static NameResolutionSpec? NameResolution(Fields? names) => names is null ? null : new(
        names.Text("component") ?? "",
        names.Text("version") ?? "",
        names.Node("configuration") is { } configuration ? YamlScalars.ToJson(configuration) : null);

    private static Dictionary<string, bool> Features(Fields? spec)
    {
        var features = DefaultFeatures.ToDictionary(name => name, _ => true, StringComparer.Ordinal);
        foreach (var (name, enabled) in spec?.List("features", feature => (feature.Text("name") ?? "", feature.Flag("enabled") ?? false)) ?? [])
        {
            if (name.Length > 0)
                features[name] = enabled;
        }

        return features;
    }

    private static ApiRule Rule(Fields rule) => new(rule.Text("name") ?? "", rule.Text("version") ?? "", rule.Text("protocol") ?? "");

    private static ApiLoggingSpec ApiLogging(Fields? logging) => logging is null ? new() : new(
        logging.Flag("enabled"), logging.Flag("obfuscateURLs") ?? false, logging.Flag("omitHealthChecks") ?? false);
}

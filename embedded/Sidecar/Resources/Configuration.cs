using System.Text.Json.Nodes;

namespace DaprMesh.Sidecar.Resources;

/// <summary>A Dapr Configuration (several files merged, later ones over earlier ones). Absent sections have Dapr's defaults.</summary>
public sealed record Configuration
{
    public string Name { get; init; } = "daprConfig";

    public TracingSpec Tracing { get; init; } = new();

    public MetricsSpec Metrics { get; init; } = new();

    public IReadOnlyList<PipelineHandler> HttpPipeline { get; init; } = [];

    public IReadOnlyList<PipelineHandler> AppHttpPipeline { get; init; } = [];

    public IReadOnlyList<SecretScope> SecretScopes { get; init; } = [];

    /// <summary>Null: no <c>accessControl</c> block, everything is allowed.</summary>
    public AccessControlSpec? AccessControl { get; init; }

    public NameResolutionSpec? NameResolution { get; init; }

    public IReadOnlyDictionary<string, bool> Features { get; init; } = new Dictionary<string, bool>();

    public IReadOnlyList<ApiRule> ApiAllowed { get; init; } = [];

    public IReadOnlyList<ApiRule> ApiDenied { get; init; } = [];

    /// <summary>Component types (with or without a version, such as <c>bindings.smtp/v1</c>) that may not be loaded.</summary>
    public IReadOnlyList<string> DeniedComponents { get; init; } = [];

    public ApiLoggingSpec ApiLogging { get; init; } = new();

    public bool IsEnabled(string feature) => Features.TryGetValue(feature, out var enabled) && enabled;
}

public sealed record PipelineHandler(string Name, string Type, string Version);

/// <param name="Version">As in the routes: <c>v1.0</c>, <c>v1.0-alpha1</c>.</param>
public sealed record ApiRule(string Name, string Version, string Protocol);

public sealed record SecretScope(string StoreName, string DefaultAccess, IReadOnlyList<string> AllowedSecrets, IReadOnlyList<string> DeniedSecrets);

public sealed record ApiLoggingSpec(bool? Enabled = null, bool ObfuscateUrls = false, bool OmitHealthChecks = false);

public sealed record NameResolutionSpec(string Component, string Version, JsonNode? Configuration);

/// <param name="SamplingRate">Null: not set.</param>
public sealed record TracingSpec(
    double? SamplingRate = null, bool Stdout = false, string? ZipkinEndpoint = null, OtelSpec? Otel = null);

/// <param name="Protocol"><c>grpc</c> or <c>http</c>.</param>
public sealed record OtelSpec(string EndpointAddress, string Protocol, bool IsSecure, IReadOnlyDictionary<string, string> Headers, TimeSpan? Timeout);

public sealed record MetricsSpec
{
    public bool Enabled { get; init; } = true;

    public bool RecordErrorCodes { get; init; }

    /// <summary>Null: not set (counts as true).</summary>
    public bool? IncreasedCardinality { get; init; }

    public IReadOnlyList<string> PathMatching { get; init; } = [];

    public bool ExcludeVerbs { get; init; }

    /// <summary>Milliseconds; empty: Dapr's own buckets.</summary>
    public IReadOnlyList<double> LatencyDistributionBuckets { get; init; } = [];

    public IReadOnlyList<MetricRule> Rules { get; init; } = [];
}

public sealed record MetricRule(string Name, IReadOnlyList<MetricLabelRule> Labels);

/// <param name="Regex">Replacement value to the pattern that is replaced by it.</param>
public sealed record MetricLabelRule(string Name, IReadOnlyDictionary<string, string> Regex);

public sealed record AccessControlSpec(string? DefaultAction, string? TrustDomain, IReadOnlyList<AppPolicy> Policies);

public sealed record AppPolicy(string AppId, string? DefaultAction, string TrustDomain, string Namespace, IReadOnlyList<AppOperation> Operations);

public sealed record AppOperation(string Name, IReadOnlyList<string> HttpVerbs, string Action);

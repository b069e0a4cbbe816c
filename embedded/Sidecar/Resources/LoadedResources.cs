namespace DaprMesh.Sidecar.Resources;

/// <summary>Everything read from the resources paths and the configuration files of one sidecar, scoped to its app id.</summary>
public sealed record LoadedResources(
    Configuration Configuration,
    IReadOnlyList<ComponentManifest> Components,
    IReadOnlyList<Subscription> Subscriptions,
    IReadOnlyList<ResiliencySpec> Resiliencies,
    IReadOnlyList<HttpEndpointManifest> HttpEndpoints)
{
    /// <summary>Listed in metadata; the sidecar has no workflows to call their tools by.</summary>
    public IReadOnlyList<McpServerManifest> McpServers { get; init; } = [];
}

/// <summary>A Component before its secrets are resolved.</summary>
public sealed record ComponentManifest(
    string Name, string Type, string Version, IReadOnlyList<MetadataItem> Metadata, IReadOnlyList<string> Scopes,
    TimeSpan InitTimeout, bool IgnoreErrors, string? SecretStore, string Source);

/// <summary>One metadata item: a value, or where it comes from. An empty <paramref name="SecretKey"/> means the secret's own name.</summary>
public sealed record MetadataItem(string Name, string? Value, string? SecretName = null, string? SecretKey = null, string? EnvRef = null);

/// <summary>A subscription, from a file or from the app's answer to <c>GET /dapr/subscribe</c>.</summary>
/// <param name="Rules">Tried in order; a rule without a match is the default and always last.</param>
public sealed record Subscription(
    string PubsubName, string Topic, IReadOnlyList<SubscriptionRule> Rules, string? DeadLetterTopic,
    IReadOnlyDictionary<string, string> Metadata, BulkSubscribeSpec? BulkSubscribe, bool IsDeclarative);

public sealed record SubscriptionRule(string? Match, string Path);

public sealed record BulkSubscribeSpec(bool Enabled, int MaxMessagesCount, int MaxAwaitDurationMs);

public sealed record HttpEndpointManifest(
    string Name, string BaseUrl, IReadOnlyList<MetadataItem> Headers, MetadataItem? RootCa, MetadataItem? Certificate, MetadataItem? PrivateKey,
    string? Renegotiation, string? SecretStore, string Source);

/// <summary>A Resiliency resource, its policies parsed. See Dapr's resiliency spec (v1alpha1).</summary>
public sealed record ResiliencySpec(
    string Name,
    IReadOnlyDictionary<string, TimeSpan> Timeouts,
    IReadOnlyDictionary<string, RetrySpec> Retries,
    IReadOnlyDictionary<string, CircuitBreakerSpec> CircuitBreakers,
    IReadOnlyDictionary<string, PolicyNames> Apps,
    IReadOnlyDictionary<string, ActorPolicyNames> Actors,
    IReadOnlyDictionary<string, ComponentPolicyNames> Components,
    string Source)
{
    /// <summary>Why nothing of the resource is used; it is listed in metadata all the same.</summary>
    public string? Problem { get; init; }

    public static ResiliencySpec Unusable(string name, string source, string problem) =>
        new(name, new Dictionary<string, TimeSpan>(), new Dictionary<string, RetrySpec>(), new Dictionary<string, CircuitBreakerSpec>(),
            new Dictionary<string, PolicyNames>(), new Dictionary<string, ActorPolicyNames>(), new Dictionary<string, ComponentPolicyNames>(), source)
        { Problem = problem };
}

/// <param name="MaxRetries">-1: for ever.</param>
public sealed record RetrySpec(
    string Policy, TimeSpan Duration, TimeSpan MaxInterval, int MaxRetries, string? HttpStatusCodes, string? GrpcStatusCodes);

public sealed record CircuitBreakerSpec(string Name, int MaxRequests, TimeSpan Interval, TimeSpan Timeout, string? Trip);

public sealed record PolicyNames(string? Timeout, string? Retry, string? CircuitBreaker, int CircuitBreakerCacheSize);

/// <param name="Scope"><c>type</c>, <c>id</c> or <c>both</c>.</param>
public sealed record ActorPolicyNames(string? Timeout, string? Retry, string? CircuitBreaker, string? Scope, int CircuitBreakerCacheSize);

public sealed record ComponentPolicyNames(PolicyNames? Outbound, PolicyNames? Inbound);

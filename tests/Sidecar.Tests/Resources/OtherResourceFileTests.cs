using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Tests.Resources;

public sealed class OtherResourceFileTests : IDisposable
{
    private readonly ResourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Subscriptions_of_both_versions_are_read()
    {
        _folder.Add("subscriptions.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: Subscription
            metadata: { name: old }
            spec: { topic: a, pubsubname: bus, route: /a, deadLetterTopic: dead }
            ---
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata: { name: new }
            spec:
              pubsubname: bus
              topic: b
              routes:
                rules: [ { match: event.type == "paid", path: /paid } ]
                default: /other
              bulkSubscribe: { enabled: true, maxMessagesCount: 100, maxAwaitDurationMs: 1000 }
              metadata: { rawPayload: true }
            scopes: [ checkout ]
            ---
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata: { name: elsewhere }
            spec: { pubsubname: bus, topic: c, routes: { default: /c } }
            scopes: [ another ]
            """);

        var subscriptions = _folder.Load().Subscriptions;

        Assert.Equal(["a", "b"], subscriptions.Select(subscription => subscription.Topic));
        Assert.Equal([new SubscriptionRule(null, "/a")], subscriptions[0].Rules);
        Assert.Equal("dead", subscriptions[0].DeadLetterTopic);
        Assert.Equal([new("event.type == \"paid\"", "/paid"), new SubscriptionRule(null, "/other")], subscriptions[1].Rules);
        Assert.Equal(new BulkSubscribeSpec(true, 100, 1000), subscriptions[1].BulkSubscribe);
        Assert.Equal("true", subscriptions[1].Metadata["rawPayload"]);
    }

    [Fact]
    public async Task An_http_endpoint_has_its_headers_and_certificates()
    {
        _folder.Add("endpoint.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: HTTPEndpoint
            metadata: { name: payments }
            spec:
              baseUrl: https://pay.example
              headers:
                - { name: X-Key, secretKeyRef: { name: pay, key: api } }
                - { name: X-Plain, value: "1" }
              clientTLS:
                rootCA: { secretKeyRef: { name: pay, key: ca } }
                privateKey: { value: pem }
            auth: { secretStore: vault }
            """);
        var secret = new Dictionary<string, string> { ["api"] = "k", ["ca"] = "root" };
        var resolver = new ComponentResolver(
            ResourceFolder.Options(), (_, _, _) => Task.FromResult<IReadOnlyDictionary<string, string>?>(secret), _folder);

        var endpoint = await resolver.ResolveAsync(_folder.Load().HttpEndpoints.Single(), TestContext.Current.CancellationToken);

        Assert.Equal([("X-Key", "k"), ("X-Plain", "1")], endpoint.Headers.Select(header => (header.Name, header.Value)));
        Assert.Equal("root", endpoint.RootCa?.Value);
        Assert.Equal("pem", endpoint.PrivateKey?.Value);
        Assert.Null(endpoint.Certificate);
    }

    [Fact]
    public void Resiliency_policies_and_targets_are_read()
    {
        _folder.Add("resiliency.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: shop }
            spec:
              policies:
                timeouts: { quick: 2s, short: 500 }
                retries:
                  brief: { policy: constant, duration: 100ms, maxRetries: 3, matching: { httpStatusCodes: "429,500-599" } }
                  patient: { policy: exponential, maxInterval: 15s }
                circuitBreakers:
                  trip: { maxRequests: 1, interval: 8s, timeout: 45s, trip: consecutiveFailures >= 5 }
              targets:
                apps: { orders: { timeout: quick, retry: brief, circuitBreaker: trip } }
                actors: { Cart: { retry: brief, circuitBreaker: trip, circuitBreakerScope: both } }
                components: { store: { outbound: { retry: patient } } }
            """);

        var spec = Assert.Single(_folder.Load().Resiliencies);

        Assert.Equal(TimeSpan.FromSeconds(2), spec.Timeouts["quick"]);
        Assert.Equal(TimeSpan.FromMilliseconds(500), spec.Timeouts["short"]);
        Assert.Equal(new("constant", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), 3, "429,500-599", null), spec.Retries["brief"]);
        Assert.Equal(-1, spec.Retries["patient"].MaxRetries);
        Assert.Equal(TimeSpan.FromSeconds(45), spec.CircuitBreakers["trip"].Timeout);
        Assert.Equal("brief", spec.Apps["orders"].Retry);
        Assert.Equal("both", spec.Actors["Cart"].Scope);
        Assert.Equal("patient", spec.Components["store"].Outbound?.Retry);
        Assert.Null(spec.Components["store"].Inbound);
    }

    [Theory]
    [InlineData("policies: { retries: { bad: { policy: sometimes } } }", "spec.policies.retries.bad.policy: expected constant or exponential, found \"sometimes\"")]
    [InlineData("policies: { timeouts: { bad: soon } }", "spec.policies.timeouts.bad: expected a duration such as 500ms or 1m30s, found \"soon\"")]
    [InlineData("policies: { retries: { bad: { matching: { httpStatusCodes: \"600\" } } } }", "invalid pattern 600")]
    [InlineData("targets: { actors: { A: { circuitBreaker: x } } }", "actor circuit breakers must include scope")]
    [InlineData("targets: { actors: { A: { circuitBreaker: x, circuitBreakerScope: none } } }", "unknown circuit breaker scope \"none\"")]
    public void A_resiliency_that_makes_no_sense_has_no_effect_and_is_told(string spec, string expected)
    {
        _folder.Add("resiliency.yaml", $"apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: {{ name: r }}\nspec:\n  {spec}\n");

        Assert.Contains(expected, Assert.Single(_folder.Load().Resiliencies).Problem, StringComparison.Ordinal);
        Assert.Contains(_folder.Logged, line => line.StartsWith("Error: Could not read resiliency policy r", StringComparison.Ordinal) && line.Contains(expected, StringComparison.Ordinal));
    }
}

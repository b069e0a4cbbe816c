using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads Resiliency resources and checks their policies.</summary>
internal static class ResiliencyReader
{
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultMaxInterval = TimeSpan.FromSeconds(60);

    public static ResiliencySpec Read(Manifest manifest)
    {
        var policies = manifest.Spec?.Map("policies");
        var targets = manifest.Spec?.Map("targets");
        var timeouts = policies?.Map("timeouts");
        return new(
            manifest.Name,
            timeouts?.Names.ToDictionary(name => name, name => timeouts.Duration(name) ?? throw timeouts.Error(name, "a duration is missing")) ?? [],
            policies?.Maps("retries", ReadRetry) ?? new Dictionary<string, RetrySpec>(),
            policies?.Maps("circuitBreakers", ReadBreaker) ?? new Dictionary<string, CircuitBreakerSpec>(),
            targets?.Maps("apps", ReadNames) ?? new Dictionary<string, PolicyNames>(),
            targets?.Maps("actors", ReadActorNames) ?? new Dictionary<string, ActorPolicyNames>(),
            targets?.Maps("components", ReadComponentNames) ?? new Dictionary<string, ComponentPolicyNames>(),
            manifest.Source);
    }

    private static RetrySpec ReadRetry(Fields retry)
    {
        var policy = retry.Text("policy", "constant").ToLowerInvariant();
        if (policy is not ("constant" or "exponential"))
            throw retry.Error("policy", $"expected constant or exponential, found \"{policy}\"");

        var matching = retry.Map("matching");
        return new(
            policy,
            retry.Duration("duration") ?? DefaultDuration,
            retry.Duration("maxInterval") ?? DefaultMaxInterval,
            retry.Integer("maxRetries") ?? -1,
            Codes(matching, "httpStatusCodes", StatusCodes.Http),
            Codes(matching, "gRPCStatusCodes", StatusCodes.Grpc));
    }

    private static string? Codes(Fields? matching, string name, (int First, int Last) range)
    {
        if (matching?.Text(name) is not { Length: > 0 } text)
            return null;

        return StatusCodes.TryParse(text, range, out _, out var problem) ? text : throw matching.Error(name, problem);
    }

    private static CircuitBreakerSpec ReadBreaker(Fields breaker) => new(
        Name: "",
        NotNegative(breaker, "maxRequests"),
        breaker.Duration("interval") ?? TimeSpan.Zero,
        breaker.Duration("timeout") ?? TimeSpan.Zero,
        breaker.Text("trip") is { Length: > 0 } trip ? trip : null);

    private static PolicyNames ReadNames(Fields target) => new(
        Name(target, "timeout"), Name(target, "retry"), Name(target, "circuitBreaker"), NotNegative(target, "circuitBreakerCacheSize"));

    private static ActorPolicyNames ReadActorNames(Fields target)
    {
        var breaker = Name(target, "circuitBreaker");
        var scope = Name(target, "circuitBreakerScope");
        if (breaker is not null && scope is not ("type" or "id" or "both"))
        {
            throw target.Error("circuitBreakerScope", scope is null
                ? "actor circuit breakers must include scope"
                : $"unknown circuit breaker scope \"{scope}\"");
        }

        return new(Name(target, "timeout"), Name(target, "retry"), breaker, scope, NotNegative(target, "circuitBreakerCacheSize"));
    }

    private static ComponentPolicyNames ReadComponentNames(Fields target) =>
        new(Direction(target, "outbound"), Direction(target, "inbound"));

    private static PolicyNames? Direction(Fields target, string direction) =>
        target.Map(direction) is { } names ? ReadNames(names) : null;

    private static string? Name(Fields target, string kind) => target.Text(kind) is { Length: > 0 } name ? name : null;

    private static int NotNegative(Fields fields, string name) =>
        fields.Integer(name) is not { } number ? 0
        : number >= 0 ? number
        : throw fields.Error(name, $"may not be negative, found {number}");
}

using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resiliency;

/// <summary>What the Resiliency resources name as targets. A later resource wins over an earlier one.</summary>
internal sealed class PolicyTargets
{
    private readonly Dictionary<string, PolicyNames> _apps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActorPolicyNames> _actors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ComponentPolicyNames> _components = new(StringComparer.Ordinal);

    public PolicyTargets(IEnumerable<ResiliencySpec> specs)
    {
        foreach (var spec in specs)
        {
            Add(spec.Apps, _apps);
            Add(spec.Actors, _actors);
            Add(spec.Components, _components);
        }
    }

    public PolicyNames? App(string appId) => _apps.GetValueOrDefault(appId);

    public ActorPolicyNames? Actor(string actorType) => _actors.GetValueOrDefault(actorType);

    public ComponentPolicyNames? Component(string name) => _components.GetValueOrDefault(name);

    /// <summary>A policy that does not exist counts as none, which a user will hardly have meant.</summary>
    public void WarnOfMissingPolicies(PolicyDefinitions definitions, ILogger log)
    {
        var names = _apps.Select(app => ($"app {app.Key}", app.Value))
            .Concat(_actors.Select(actor => ($"actor {actor.Key}", new PolicyNames(actor.Value.Timeout, actor.Value.Retry, actor.Value.CircuitBreaker, 0))))
            .Concat(_components.Where(pair => pair.Value.Outbound is not null).Select(pair => ($"component {pair.Key} outbound", pair.Value.Outbound!)))
            .Concat(_components.Where(pair => pair.Value.Inbound is not null).Select(pair => ($"component {pair.Key} inbound", pair.Value.Inbound!)));
        foreach (var (target, policies) in names)
        {
            Check(target, "timeout", policies.Timeout, definitions.Timeout(policies.Timeout) is not null);
            Check(target, "retry", policies.Retry, definitions.Retry(policies.Retry) is not null);
            Check(target, "circuit breaker", policies.CircuitBreaker, definitions.Breaker(policies.CircuitBreaker) is not null);
        }

        void Check(string target, string kind, string? name, bool exists)
        {
            if (name is not null && !exists)
                log.LogWarning("Resiliency target {Target} refers to the {Kind} policy {Name}, which is not defined; it has no effect", target, kind, name);
        }
    }

    private static void Add<T>(IReadOnlyDictionary<string, T> from, Dictionary<string, T> to)
    {
        foreach (var (name, value) in from)
        {
            to[name] = value;
        }
    }
}

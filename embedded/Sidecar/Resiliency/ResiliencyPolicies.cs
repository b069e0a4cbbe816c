using System.Collections.Concurrent;
using System.Collections.Frozen;
using DaprMesh.Sidecar.Observability;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resiliency;

/// <summary>Which component a policy is looked up for; the names are those of Dapr's default policies.</summary>
public enum ComponentKind
{
    Statestore,
    Pubsub,
    Binding,
    Secretstore,
    Configuration,
    Lock,
}

/// <summary>The policies of one sidecar, looked up by target.</summary>
public sealed class ResiliencyPolicies
{
    private const int AppCacheSize = 100;
    private const int ActorCacheSize = 5000;
    private static readonly PolicyNames NoNames = new(null, null, null, 0);

    private readonly PolicyDefinitions _definitions = new();
    private readonly PolicyTargets _targets;
    private readonly DefaultPolicies _defaults;
    private readonly ConcurrentDictionary<string, BreakerCache> _appBreakers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, BreakerCache> _actorBreakers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CircuitBreaker> _componentBreakers = new(StringComparer.Ordinal);
    private readonly FrozenDictionary<string, Policy> _builtIns;
    private readonly TimeProvider _clock;
    private readonly SidecarMetrics? _metrics;
    private readonly ILogger _log;
    private readonly string _name;

    public ResiliencyPolicies(IReadOnlyList<ResiliencySpec> specs, TimeProvider clock, ILoggerFactory loggers, SidecarMetrics? metrics = null)
    {
        _clock = clock;
        _metrics = metrics;
        _log = loggers.CreateLogger("dapr.runtime.resiliency");
        var usable = specs.Where(Add).ToList();
        _name = usable.LastOrDefault()?.Name ?? "";
        _targets = new PolicyTargets(usable);
        _targets.WarnOfMissingPolicies(_definitions, _log);
        _defaults = new DefaultPolicies(_definitions);
        _builtIns = _definitions.BuiltIns.ToFrozenDictionary(
            name => name, Policy (name) => new TargetPolicy(name, null, _definitions.Retry(name), null, clock, _log, used: null));
    }

    /// <summary>For a call to another app: the breaker is one per app id and method.</summary>
    public Policy App(string appId, string method)
    {
        if ((_targets.App(appId) ?? _defaults.App) is not { } names)
            return Policy.None;

        var breaker = names.CircuitBreaker is null ? null
            : Breaker(_appBreakers, appId, SizeOr(names.CircuitBreakerCacheSize, AppCacheSize), $"{appId}:{method}", names.CircuitBreaker);
        return Create($"endpoint[{appId}, {appId}:{method}]", names, breaker, $"app_{appId}", "outbound");
    }

    /// <summary>True when the app is a target of its own, which switches the built-in service retries off. Default policies do not.</summary>
    public bool HasAppPolicy(string appId) => _targets.App(appId) is not null;

    /// <summary>True when the actor type is a target of its own, which switches the built-in actor retries off.</summary>
    public bool HasActorPolicy(string actorType) => _targets.Actor(actorType) is not null;

    /// <summary>Retry and breaker of an actor type, applied before the turn lock.</summary>
    public Policy ActorBeforeLock(string actorType, string actorId)
    {
        var target = _targets.Actor(actorType);
        if ((target is null ? _defaults.Actor : new(null, target.Retry, target.CircuitBreaker, target.CircuitBreakerCacheSize)) is not { } names)
            return Policy.None;

        var perActor = target?.Scope is "id" or "both";
        var breaker = names.CircuitBreaker is null ? null
            : Breaker(_actorBreakers, actorType, SizeOr(names.CircuitBreakerCacheSize, ActorCacheSize),
                perActor ? $"{actorType}-{actorId}" : actorType, names.CircuitBreaker);
        return Create($"actor[{actorType}, {actorId}]", names with { Timeout = null }, breaker, $"actor_{actorType}", "outbound");
    }

    /// <summary>Timeout of an actor type, applied after the turn lock is taken.</summary>
    public Policy ActorAfterLock(string actorType, string actorId)
    {
        var target = _targets.Actor(actorType);
        var timeout = target is null ? _defaults.Actor?.Timeout : target.Timeout;
        return timeout is null
            ? Policy.None
            : Create($"actor[{actorType}, {actorId}]", NoNames with { Timeout = timeout }, breaker: null, $"actor_{actorType}", "outbound");
    }

    public Policy Outbound(string component, ComponentKind kind) =>
        Component(component, kind, _targets.Component(component) is { } target ? target.Outbound ?? NoNames : _defaults.Outbound(kind), "output", "outbound");

    public Policy Inbound(string component, ComponentKind kind) =>
        Component(component, kind, _targets.Component(component) is { } target ? target.Inbound ?? NoNames : _defaults.Inbound(kind), "input", "inbound");

    /// <summary>A built-in policy such as <c>DaprBuiltInServiceRetries</c>, or the user's own of that name.</summary>
    public Policy BuiltIn(string name) => _builtIns.GetValueOrDefault(name, Policy.None);

    private Policy Component(string component, ComponentKind kind, PolicyNames? names, string use, string direction)
    {
        if (names is null)
            return Policy.None;

        // One breaker a component, whichever way the call goes.
        var breaker = _definitions.Breaker(names.CircuitBreaker) is { } definition
            ? _componentBreakers.GetOrAdd(component, name => new($"{names.CircuitBreaker}-{name}", definition.Spec, definition.Trip, _clock, _log))
            : null;
        return Create($"component[{component}] {use}", names, breaker, $"{kind}_{component}", direction);
    }

    private CircuitBreaker? Breaker(ConcurrentDictionary<string, BreakerCache> caches, string target, int size, string key, string policy) =>
        _definitions.Breaker(policy) is { } definition
            ? caches.GetOrAdd(target, static (_, size) => new BreakerCache(size), size)
                .Get(key, name => new(name, definition.Spec, definition.Trip, _clock, _log))
            : null;

    private Policy Create(string name, PolicyNames names, CircuitBreaker? breaker, string target, string direction)
    {
        var (timeout, retry) = (_definitions.Timeout(names.Timeout), _definitions.Retry(names.Retry));
        if (timeout is null && retry is null && breaker is null)
            return Policy.None;

        PolicyUse? used = _metrics is null ? null
            : (kind, status, activated) => _metrics.ResiliencyCount(_name, kind, direction, target, status, activated);
        return new TargetPolicy(name, timeout, retry, breaker, _clock, _log, used);
    }

    private bool Add(ResiliencySpec spec)
    {
        if (spec.Problem is not null)
            return false;

        try
        {
            _definitions.Add(spec, _log);
            _metrics?.ResiliencyLoaded(spec.Name);
            return true;
        }
        catch (FormatException e)
        {
            _log.LogError("Could not read resiliency policy {Name}: {Source}: {Problem}", spec.Name, spec.Source, e.Message);
            return false;
        }
    }

    private static int SizeOr(int size, int absent) => size > 0 ? size : absent;
}

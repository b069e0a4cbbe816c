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
public sealed class ResiliencyPolicies(IReadOnlyList<ResiliencySpec> specs, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly IReadOnlyList<ResiliencySpec> _specs = specs;
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _log = loggers.CreateLogger("dapr.runtime.resiliency");

    /// <summary>For a call to another app: the breaker is one per app id and method.</summary>
    public Policy App(string appId, string method) => Policy.None;

    /// <summary>True when a target or default policy matches the app, which switches the built-in service retries off.</summary>
    public bool HasAppPolicy(string appId) => false;

    /// <summary>Retry and breaker of an actor type, applied before the turn lock.</summary>
    public Policy ActorBeforeLock(string actorType, string actorId) => Policy.None;

    /// <summary>Timeout of an actor type, applied after the turn lock is taken.</summary>
    public Policy ActorAfterLock(string actorType, string actorId) => Policy.None;

    public Policy Outbound(string component, ComponentKind kind) => Policy.None;

    public Policy Inbound(string component, ComponentKind kind) => Policy.None;

    /// <summary>A built-in policy such as <c>DaprBuiltInServiceRetries</c>, or the user's own of that name.</summary>
    public Policy BuiltIn(string name) => Policy.None;
}

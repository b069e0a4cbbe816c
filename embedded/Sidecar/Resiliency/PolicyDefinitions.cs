using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resiliency;

/// <summary>The policies of all Resiliency resources by name, with those Dapr brings itself. A later resource wins over an earlier one.</summary>
internal sealed class PolicyDefinitions
{
    private const string ActorNotFoundRetries = "DaprBuiltInActorNotFoundRetries";
    private const int LeastBuiltInRetries = 3;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, TimeSpan> _timeouts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (CircuitBreakerSpec Spec, TripCondition Trip)> _breakers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RetryPolicy> _retries = new(StringComparer.Ordinal)
    {
        ["DaprBuiltInServiceRetries"] = Constant(Second, 3),
        ["DaprBuiltInActorRetries"] = Constant(Second, 3),
        [ActorNotFoundRetries] = Constant(Second, 5),
        ["DaprBuiltInActorReminderRetries"] = Exponential(TimeSpan.FromSeconds(60), -1, TimeSpan.FromMinutes(15)),
        ["DaprBuiltInInitializationRetries"] = Exponential(Second, 3, TimeSpan.FromSeconds(10)),
    };

    public IEnumerable<string> BuiltIns => _retries.Keys.Where(IsBuiltIn);

    /// <exception cref="FormatException">A policy makes no sense; none of the resource's is taken then.</exception>
    public void Add(ResiliencySpec spec, ILogger log)
    {
        var retries = spec.Retries.ToDictionary(retry => retry.Key, retry => new RetryPolicy(WithEnoughRetries(retry.Key, retry.Value, log)));
        var breakers = spec.CircuitBreakers.ToDictionary(breaker => breaker.Key, breaker => (breaker.Value, new TripCondition(breaker.Value.Trip)));
        foreach (var (name, timeout) in spec.Timeouts)
        {
            _timeouts[name] = timeout;
        }

        foreach (var (name, retry) in retries)
        {
            if (name == ActorNotFoundRetries)
                log.LogWarning("Attempted to override protected policy {Name} which is not allowed. Ignoring provided policy and using default.", name);
            else
                _retries[name] = retry;
        }

        foreach (var (name, breaker) in breakers)
        {
            _breakers[name] = breaker;
        }
    }

    public TimeSpan? Timeout(string? name) => name is not null && _timeouts.TryGetValue(name, out var timeout) ? timeout : null;

    public RetryPolicy? Retry(string? name) => name is null ? null : _retries.GetValueOrDefault(name);

    public (CircuitBreakerSpec Spec, TripCondition Trip)? Breaker(string? name) =>
        name is not null && _breakers.TryGetValue(name, out var breaker) ? breaker : null;

    /// <summary>The default policies for a target, from the most special name (such as <c>StatestoreComponentOutbound</c>) to the empty one.</summary>
    public PolicyNames? Defaults(params ReadOnlySpan<string> levels)
    {
        var names = new PolicyNames(
            First(levels, "Timeout", _timeouts.ContainsKey), First(levels, "Retry", _retries.ContainsKey),
            First(levels, "CircuitBreaker", _breakers.ContainsKey), 0);
        return names is { Timeout: null, Retry: null, CircuitBreaker: null } ? null : names;
    }

    private static string? First(ReadOnlySpan<string> levels, string kind, Func<string, bool> exists)
    {
        foreach (var level in levels)
        {
            var name = $"Default{level}{kind}Policy";
            if (exists(name))
                return name;
        }

        return null;
    }

    private RetrySpec WithEnoughRetries(string name, RetrySpec retry, ILogger log)
    {
        if (!IsBuiltIn(name) || retry.MaxRetries >= LeastBuiltInRetries)
            return retry;

        log.LogWarning("Attempted override of {Name} did not meet minimum retry count, resetting to 3.", name);
        return retry with { MaxRetries = LeastBuiltInRetries };
    }

    private static bool IsBuiltIn(string name) => name is "DaprBuiltInServiceRetries" or "DaprBuiltInActorRetries" or ActorNotFoundRetries
        or "DaprBuiltInActorReminderRetries" or "DaprBuiltInInitializationRetries";

    private static RetryPolicy Constant(TimeSpan wait, int retries) => new(new RetrySpec("constant", wait, TimeSpan.Zero, retries, null, null));

    private static RetryPolicy Exponential(TimeSpan maxInterval, int retries, TimeSpan maxElapsed) =>
        new(new RetrySpec("exponential", TimeSpan.Zero, maxInterval, retries, null, null)) { MaxElapsed = maxElapsed };
}

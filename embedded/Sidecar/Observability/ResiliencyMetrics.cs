using Prometheus;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Resiliency policies: how often they applied and stepped in.</summary>
internal sealed class ResiliencyMetrics
{
    private const string CircuitBreaker = "circuitbreaker";
    private static readonly string[] BreakerStates = ["closed", "half-open", "open", "unknown"];

    private readonly string _appId;
    private readonly string _namespace;
    private readonly Family<Counter.Child> _loaded;
    private readonly Family<Counter.Child> _count;
    private readonly Family<Counter.Child> _activations;
    private readonly Family<Gauge.Child> _breakerState;

    public ResiliencyMetrics(MetricFamilies families, string @namespace)
    {
        _appId = families.AppId;
        _namespace = @namespace;
        string[] labels = ["app_id", "flow_direction", "name", "namespace", "policy", "status", "target"];
        _loaded = families.Counter("resiliency_loaded", "Resiliency resources loaded.", "app_id", "name", "namespace");
        _count = families.Counter("resiliency_count", "Calls that a resiliency policy applied to.", labels);
        _activations = families.Counter("resiliency_activations_total", "Calls in which a resiliency policy stepped in.", labels);
        _breakerState = families.Gauge("resiliency_cb_state", "1 for the state that a circuit breaker is in, 0 for the others.", labels);
    }

    public void Loaded(string name) => _loaded.Of([_appId, name, _namespace]).Inc();

    public void Count(string name, string policy, string direction, string target, string status, bool activated)
    {
        ReadOnlySpan<string> labels = [_appId, direction, name, _namespace, policy, status, target];
        if (activated)
        {
            _activations.Of(labels).Inc();
            return;
        }

        _count.Of(labels).Inc();
        if (policy != CircuitBreaker)
        {
            return;
        }

        foreach (var state in BreakerStates)
        {
            _breakerState.Of([_appId, direction, name, _namespace, policy, state, target]).Set(state == status ? 1 : 0);
        }
    }
}

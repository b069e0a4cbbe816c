using Prometheus;

namespace DaprMesh.Sidecar.Observability;

/// <summary>What components are asked to do and how long they take.</summary>
internal sealed class ComponentMetrics
{
    private readonly string _appId;
    private readonly string _namespace;
    private readonly Operations _state;
    private readonly Operations _secret;
    private readonly Operations _configuration;
    private readonly Operations _outputBinding;
    private readonly Family<Counter.Child> _inputBindingCount;
    private readonly Family<Histogram.Child> _inputBindingLatency;
    private readonly Family<Counter.Child> _jobSuccess;
    private readonly Family<Counter.Child> _jobFailure;
    private readonly Family<Histogram.Child> _jobLatency;

    public ComponentMetrics(MetricFamilies families, string @namespace)
    {
        _appId = families.AppId;
        _namespace = @namespace;
        _state = new Operations(families, "state", "state store", _appId, @namespace);
        _secret = new Operations(families, "secret", "secret store", _appId, @namespace);
        _configuration = new Operations(families, "configuration", "configuration store", _appId, @namespace);
        _outputBinding = new Operations(families, "output_binding", "output binding", _appId, @namespace);

        string[] binding = ["app_id", "component", "namespace", "success"];
        _inputBindingCount = families.Counter("component_input_binding_count", "Events that came from an input binding.", binding);
        _inputBindingLatency = families.Latency("component_input_binding_latencies", "Milliseconds that the app took for an event of an input binding.", binding);

        string[] job = ["app_id", "namespace", "operation"];
        _jobSuccess = families.Counter("component_job_success_count", "Jobs that the app has taken.", job);
        _jobFailure = families.Counter("component_job_failure_count", "Jobs that the app has failed.", job);
        _jobLatency = families.Latency("component_job_latencies", "Milliseconds that the app took for a job.", "app_id", "namespace", "operation", "success");
    }

    public void State(string component, string operation, bool success, double elapsed) => _state.Record(component, operation, success, elapsed);

    public void Secret(string component, string operation, bool success, double elapsed) => _secret.Record(component, operation, success, elapsed);

    public void Configuration(string component, string operation, bool success, double elapsed) =>
        _configuration.Record(component, operation, success, elapsed);

    public void OutputBinding(string component, string operation, bool success, double elapsed) =>
        _outputBinding.Record(component, operation, success, elapsed);

    public void InputBinding(string component, bool success, double elapsed)
    {
        ReadOnlySpan<string> labels = [_appId, component, _namespace, Text(success)];
        _inputBindingCount.Of(labels).Inc();
        if (elapsed > 0)
        {
            _inputBindingLatency.Of(labels).Observe(elapsed);
        }
    }

    public void Job(string operation, bool success, double elapsed)
    {
        (success ? _jobSuccess : _jobFailure).Of([_appId, _namespace, operation]).Inc();
        if (elapsed > 0)
        {
            _jobLatency.Of([_appId, _namespace, operation, Text(success)]).Observe(elapsed);
        }
    }

    public static string Text(bool success) => success ? "true" : "false";

    private sealed class Operations(MetricFamilies families, string name, string thing, string appId, string @namespace)
    {
        private static readonly string[] Labels = ["app_id", "component", "namespace", "operation", "success"];

        private readonly Family<Counter.Child> _count =
            families.Counter($"component_{name}_count", $"Operations on a {thing}.", Labels);

        private readonly Family<Histogram.Child> _latency =
            families.Latency($"component_{name}_latencies", $"Milliseconds that an operation on a {thing} took.", Labels);

        public void Record(string component, string operation, bool success, double elapsed)
        {
            ReadOnlySpan<string> labels = [appId, component, @namespace, operation, Text(success)];
            _count.Of(labels).Inc();
            if (elapsed > 0)
            {
                _latency.Of(labels).Observe(elapsed);
            }
        }
    }
}

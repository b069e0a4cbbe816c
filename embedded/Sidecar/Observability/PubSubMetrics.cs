using Prometheus;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Messages published and delivered.</summary>
internal sealed class PubSubMetrics
{
    private readonly string _appId;
    private readonly string _namespace;
    private readonly Family<Counter.Child> _egressCount;
    private readonly Family<Histogram.Child> _egressLatency;
    private readonly Family<Counter.Child> _bulkEgressCount;
    private readonly Family<Histogram.Child> _bulkEgressLatency;
    private readonly Family<Counter.Child> _ingressCount;
    private readonly Family<Histogram.Child> _ingressLatency;
    private readonly Family<Counter.Child> _bulkIngressCount;
    private readonly Family<Counter.Child> _bulkIngressEvents;
    private readonly Family<Histogram.Child> _bulkIngressLatency;

    public PubSubMetrics(MetricFamilies families, string @namespace)
    {
        _appId = families.AppId;
        _namespace = @namespace;

        string[] egress = ["app_id", "component", "namespace", "success", "topic"];
        _egressCount = families.Counter("component_pubsub_egress_count", "Messages published.", egress);
        _egressLatency = families.Latency("component_pubsub_egress_latencies", "Milliseconds that a publish took.", egress);
        _bulkEgressCount = families.Counter("component_pubsub_egress_bulk_count", "Bulk publish calls.", egress);
        _bulkEgressLatency = families.Latency("component_pubsub_egress_bulk_latencies", "Milliseconds that a bulk publish took.", egress);

        string[] ingress = ["app_id", "component", "namespace", "process_status", "status", "topic"];
        _ingressCount = families.Counter("component_pubsub_ingress_count", "Messages delivered to the app, by what became of them.", ingress);
        _ingressLatency = families.Latency("component_pubsub_ingress_latencies", "Milliseconds that the app took for a message.", ingress);

        string[] bulk = ["app_id", "component", "namespace", "process_status", "topic"];
        _bulkIngressCount = families.Counter("component_pubsub_ingress_bulk_count", "Bulk deliveries to the app.", bulk);
        _bulkIngressEvents = families.Counter("component_pubsub_ingress_bulk_event_count", "Messages in bulk deliveries, by what became of them.", bulk);
        _bulkIngressLatency = families.Latency("component_pubsub_ingress_bulk_latencies", "Milliseconds that the app took for a bulk delivery.", bulk);
    }

    public void Egress(string component, string topic, bool success, double elapsed)
    {
        ReadOnlySpan<string> labels = [_appId, component, _namespace, ComponentMetrics.Text(success), topic];
        _egressCount.Of(labels).Inc();
        if (elapsed > 0)
        {
            _egressLatency.Of(labels).Observe(elapsed);
        }
    }

    public void BulkEgress(string component, string topic, bool success, double elapsed)
    {
        ReadOnlySpan<string> labels = [_appId, component, _namespace, ComponentMetrics.Text(success), topic];
        _bulkEgressCount.Of(labels).Inc();
        if (elapsed > 0)
        {
            _bulkEgressLatency.Of(labels).Observe(elapsed);
        }
    }

    public void Ingress(string component, string topic, string processStatus, string status, double elapsed)
    {
        ReadOnlySpan<string> labels =
            [_appId, component, _namespace, processStatus, status.Length > 0 ? status : processStatus, topic];
        _ingressCount.Of(labels).Inc();
        if (elapsed > 0)
        {
            _ingressLatency.Of(labels).Observe(elapsed);
        }
    }

    public void BulkIngress(string component, string topic, string processStatus, int events, double elapsed)
    {
        if (events > 0)
        {
            _bulkIngressEvents.Of([_appId, component, _namespace, processStatus, topic]).Inc(events);
        }

        if (elapsed > 0)
        {
            ReadOnlySpan<string> labels = [_appId, component, _namespace, "", topic];
            _bulkIngressCount.Of(labels).Inc();
            _bulkIngressLatency.Of(labels).Observe(elapsed);
        }
    }
}

using DaprMesh.Sidecar.Resources;
using Prometheus;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Requests to the Dapr API and from the sidecar to its app.</summary>
internal sealed class HttpMetrics
{
    private readonly HttpLabels _labels;
    private readonly string _appId;
    private readonly Family<Counter.Child> _serverCount;
    private readonly Family<Counter.Child> _serverResponses;
    private readonly Family<Histogram.Child> _serverLatency;
    private readonly Family<Histogram.Child> _serverRequestBytes;
    private readonly Family<Histogram.Child> _serverResponseBytes;
    private readonly Family<Counter.Child> _clientCount;
    private readonly Family<Histogram.Child> _clientLatency;
    private readonly Family<Histogram.Child> _clientSent;
    private readonly Family<Histogram.Child> _clientReceived;
    private readonly Family<Counter.Child> _probeCount;
    private readonly Family<Histogram.Child> _probeLatency;

    public HttpMetrics(MetricFamilies families, MetricsSpec spec)
    {
        _labels = new HttpLabels(spec);
        _appId = families.AppId;
        string[] full = ["app_id", "method", "path", "status"];
        _serverCount = families.Counter("http_server_request_count", "Requests that the API has answered.", full);
        _serverResponses = families.Counter("http_server_response_count", "Answers that the API has given.", full);
        _serverLatency = families.Latency("http_server_latency", "Milliseconds from a request's arrival to the end of its answer.", full);
        _serverRequestBytes = families.Size("http_server_request_bytes", "Sizes of requests' bodies, where their length was given.", "app_id");
        _serverResponseBytes = families.Size("http_server_response_bytes", "Sizes of answers' bodies.", "app_id");
        _clientCount = families.Counter("http_client_completed_count", "Requests that the app has answered.", full);
        _clientLatency = families.Latency("http_client_roundtrip_latency", "Milliseconds that the app took to answer.", full);
        _clientSent = families.Size("http_client_sent_bytes", "Sizes of bodies sent to the app.", full);
        _clientReceived = families.Size("http_client_received_bytes", "Sizes of bodies received from the app.", "app_id");
        _probeCount = families.Counter("http_healthprobes_completed_count", "Health probes that the app has answered.", "app_id", "status");
        _probeLatency = families.Latency("http_healthprobes_roundtrip_latency", "Milliseconds that a health probe took.", "app_id", "status");
    }

    public void Server(string method, string path, int status, double elapsed, long requestBytes, long responseBytes)
    {
        ReadOnlySpan<string> labels = [_appId, _labels.Method(method), _labels.ServerPath(path), HttpLabels.Status(status)];
        _serverCount.Of(labels).Inc();
        _serverLatency.Of(labels).Observe(elapsed);
        if (_labels.IncreasedCardinality)
        {
            _serverResponses.Of(labels).Inc();
        }

        _serverRequestBytes.Of([_appId]).Observe(requestBytes);
        _serverResponseBytes.Of([_appId]).Observe(responseBytes);
    }

    public void Client(string method, string path, int status, double elapsed, long sentBytes, long receivedBytes)
    {
        var verb = _labels.Method(method);
        var label = _labels.ClientPath(path);
        ReadOnlySpan<string> labels = [_appId, verb, label, HttpLabels.Status(status)];
        _clientCount.Of(labels).Inc();
        _clientLatency.Of(labels).Observe(elapsed);
        // Sent before there is a status, which leaves the label empty.
        _clientSent.Of([_appId, verb, label, ""]).Observe(sentBytes);
        _clientReceived.Of([_appId]).Observe(receivedBytes);
    }

    public void HealthProbe(int status, double elapsed)
    {
        ReadOnlySpan<string> labels = [_appId, HttpLabels.Status(status)];
        _probeCount.Of(labels).Inc();
        _probeLatency.Of(labels).Observe(elapsed);
    }
}

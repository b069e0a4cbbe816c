using DaprMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace DaprMesh.Sidecar.Observability;

/// <summary>daprd's metrics by its own names. Times are in milliseconds.</summary>
public sealed class SidecarMetrics
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly bool _recordsErrorCodes;
    private readonly HttpMetrics? _http;
    private readonly ComponentMetrics? _components;
    private readonly PubSubMetrics? _pubSub;
    private readonly ResiliencyMetrics? _resiliency;
    private readonly RuntimeMetrics? _runtime;

    /// <param name="namespace">As it is set, so empty when it is not.</param>
    /// <exception cref="ArgumentException">A pattern among the rules is not a regular expression.</exception>
    public SidecarMetrics(MetricsSpec spec, string appId, string @namespace)
    {
        if (!spec.Enabled)
        {
            return;
        }

        _recordsErrorCodes = spec.RecordErrorCodes;
        var families = new MetricFamilies(_registry, spec, appId);
        _http = new HttpMetrics(families, spec);
        _components = new ComponentMetrics(families, @namespace);
        _pubSub = new PubSubMetrics(families, @namespace);
        _resiliency = new ResiliencyMetrics(families, @namespace);
        _runtime = new RuntimeMetrics(families);
    }

    /// <summary>Adds what is known of the whole process.</summary>
    internal void AddProcess() => ProcessMetrics.AddTo(_registry);

    /// <summary>Answers a scrape, at any path.</summary>
    public Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
        return _registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }

    public void HttpServer(string method, string path, int status, double elapsed, long requestBytes, long responseBytes) =>
        _http?.Server(method, path, status, elapsed, requestBytes, responseBytes);

    public void HttpClient(string method, string path, int status, double elapsed, long sentBytes, long receivedBytes) =>
        _http?.Client(method, path, status, elapsed, sentBytes, receivedBytes);

    public void HealthProbe(int status, double elapsed) => _http?.HealthProbe(status, elapsed);

    /// <param name="operation">get, set, delete, bulk_get, bulk_delete, transaction or query.</param>
    public void State(string component, string operation, bool success, double elapsed) =>
        _components?.State(component, operation, success, elapsed);

    public void Secret(string component, string operation, bool success, double elapsed) =>
        _components?.Secret(component, operation, success, elapsed);

    public void Configuration(string component, string operation, bool success, double elapsed) =>
        _components?.Configuration(component, operation, success, elapsed);

    public void OutputBinding(string component, string operation, bool success, double elapsed) =>
        _components?.OutputBinding(component, operation, success, elapsed);

    public void InputBinding(string component, bool success, double elapsed) => _components?.InputBinding(component, success, elapsed);

    public void PubSubEgress(string component, string topic, bool success, double elapsed) =>
        _pubSub?.Egress(component, topic, success, elapsed);

    public void PubSubBulkEgress(string component, string topic, bool success, int events, double elapsed) =>
        _pubSub?.BulkEgress(component, topic, success, elapsed);

    /// <param name="processStatus">success, retry or drop.</param>
    /// <param name="status">Empty: the same as the process status.</param>
    /// <param name="elapsed">0: the message did not reach the app.</param>
    public void PubSubIngress(string component, string topic, string processStatus, string status, double elapsed) =>
        _pubSub?.Ingress(component, topic, processStatus, status, elapsed);

    /// <summary>Once for every outcome among the events of a delivery, with the time in one of these calls and 0 in the others.</summary>
    public void PubSubBulkIngress(string component, string topic, string processStatus, int events, double elapsed) =>
        _pubSub?.BulkIngress(component, topic, processStatus, events, elapsed);

    public void Job(string operation, bool success, double elapsed) => _components?.Job(operation, success, elapsed);

    public void ResiliencyLoaded(string name) => _resiliency?.Loaded(name);

    /// <param name="policy">circuitbreaker, retry or timeout.</param>
    /// <param name="direction">inbound or outbound.</param>
    /// <param name="status">The breaker's state, else empty.</param>
    /// <param name="activated">False: the policy applied to a call; true: it stepped in.</param>
    public void ResiliencyCount(string name, string policy, string direction, string target, string status, bool activated) =>
        _resiliency?.Count(name, policy, direction, target, status, activated);

    public void ComponentLoaded() => _runtime?.ComponentLoaded();

    public void ComponentInitialized(string type) => _runtime?.ComponentInitialized(type);

    public void ComponentInitFailed(string type, string reason, string componentName) =>
        _runtime?.ComponentInitFailed(type, reason, componentName);

    public void ActorTimers(string actorType, int delta) => _runtime?.ActorTimers(actorType, delta);

    public void ActorReminders(string actorType, int delta) => _runtime?.ActorReminders(actorType, delta);

    public void ActorTimerFired(string actorType, bool success) => _runtime?.ActorTimerFired(actorType, success);

    public void ActorReminderFired(string actorType, bool success) => _runtime?.ActorReminderFired(actorType, success);

    public void ActorPendingCalls(string actorType, int delta) => _runtime?.ActorPendingCalls(actorType, delta);

    public void ActorDeactivated(string actorType, bool success) => _runtime?.ActorDeactivated(actorType, success);

    public void InvocationRequestSent(string destinationAppId) => _runtime?.InvocationRequestSent(destinationAppId);

    public void InvocationRequestReceived(string sourceAppId) => _runtime?.InvocationRequestReceived(sourceAppId);

    public void InvocationResponseSent(string destinationAppId, int status) => _runtime?.InvocationResponseSent(destinationAppId, status);

    public void InvocationResponseReceived(string sourceAppId, int status, double elapsed) =>
        _runtime?.InvocationResponseReceived(sourceAppId, status, elapsed);

    public void ErrorCode(string category, string errorCode)
    {
        if (_recordsErrorCodes)
        {
            _runtime?.ErrorCode(category, errorCode);
        }
    }
}

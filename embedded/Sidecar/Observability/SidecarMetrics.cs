using DaprMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Observability;

/// <summary>daprd's metrics by its own names. Times are in milliseconds.</summary>
public sealed class SidecarMetrics(MetricsSpec spec, string appId, string @namespace)
{
    private readonly MetricsSpec _spec = spec;
    private readonly string _appId = appId;
    private readonly string _namespace = @namespace;

    /// <summary>Answers a scrape, at any path.</summary>
    public Task WriteAsync(HttpContext http) => Task.CompletedTask;

    public void HttpServer(string method, string path, int status, double elapsed, long requestBytes, long responseBytes) { }

    public void HttpClient(string method, string path, int status, double elapsed, long sentBytes, long receivedBytes) { }

    public void HealthProbe(int status, double elapsed) { }

    /// <param name="operation">get, set, delete, bulk_get, bulk_delete, transaction or query.</param>
    public void State(string component, string operation, bool success, double elapsed) { }

    public void Secret(string component, string operation, bool success, double elapsed) { }

    public void Configuration(string component, string operation, bool success, double elapsed) { }

    public void OutputBinding(string component, string operation, bool success, double elapsed) { }

    public void InputBinding(string component, bool success, double elapsed) { }

    public void PubSubEgress(string component, string topic, bool success, double elapsed) { }

    public void PubSubBulkEgress(string component, string topic, bool success, int events, double elapsed) { }

    /// <param name="processStatus">success, retry or drop.</param>
    public void PubSubIngress(string component, string topic, string processStatus, string status, double elapsed) { }

    public void PubSubBulkIngress(string component, string topic, string processStatus, int events, double elapsed) { }

    public void Job(string operation, bool success, double elapsed) { }

    public void ResiliencyLoaded(string name) { }

    /// <param name="policy">circuitbreaker, retry or timeout.</param>
    /// <param name="direction">inbound or outbound.</param>
    /// <param name="status">The breaker's state, else empty.</param>
    public void ResiliencyCount(string name, string policy, string direction, string target, string status, bool activated) { }

    public void ComponentLoaded() { }

    public void ComponentInitialized(string type) { }

    public void ComponentInitFailed(string type, string reason, string componentName) { }

    public void ActorTimers(string actorType, int delta) { }

    public void ActorReminders(string actorType, int delta) { }

    public void ActorTimerFired(string actorType, bool success) { }

    public void ActorReminderFired(string actorType, bool success) { }

    public void ActorPendingCalls(string actorType, int delta) { }

    public void ActorDeactivated(string actorType, bool success) { }

    public void InvocationRequestSent(string destinationAppId) { }

    public void InvocationRequestReceived(string sourceAppId) { }

    public void InvocationResponseSent(string destinationAppId, int status) { }

    public void InvocationResponseReceived(string sourceAppId, int status, double elapsed) { }

    public void ErrorCode(string category, string errorCode) { }
}

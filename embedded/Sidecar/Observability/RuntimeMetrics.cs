using Prometheus;

namespace DaprMesh.Sidecar.Observability;

/// <summary>The sidecar itself: components loaded, actors, service invocation, error codes.</summary>
internal sealed class RuntimeMetrics
{
    private readonly string _appId;
    private readonly Family<Counter.Child> _componentLoaded;
    private readonly Family<Counter.Child> _componentInit;
    private readonly Family<Counter.Child> _componentInitFail;
    private readonly Family<Gauge.Child> _actorTimers;
    private readonly Family<Gauge.Child> _actorReminders;
    private readonly Family<Counter.Child> _actorTimersFired;
    private readonly Family<Counter.Child> _actorRemindersFired;
    private readonly Family<Gauge.Child> _actorPending;
    private readonly Family<Counter.Child> _actorDeactivated;
    private readonly Family<Counter.Child> _actorDeactivatedFailed;
    private readonly Family<Counter.Child> _requestSent;
    private readonly Family<Counter.Child> _requestReceived;
    private readonly Family<Counter.Child> _responseSent;
    private readonly Family<Counter.Child> _responseReceived;
    private readonly Family<Histogram.Child> _responseLatency;
    private readonly Family<Counter.Child> _errorCodes;

    public RuntimeMetrics(MetricFamilies families)
    {
        _appId = families.AppId;
        _componentLoaded = families.Counter("runtime_component_loaded", "Components loaded.", "app_id");
        _componentInit = families.Counter("runtime_component_init_total", "Components that have started.", "app_id", "component");
        _componentInitFail = families.Counter(
            "runtime_component_init_fail_total", "Components that did not start.", "app_id", "component", "componentName", "reason");

        string[] actor = ["app_id", "actor_type"];
        string[] fired = ["app_id", "actor_type", "success"];
        _actorTimers = families.Gauge("runtime_actor_timers", "Timers that are set.", actor);
        _actorReminders = families.Gauge("runtime_actor_reminders", "Reminders that are set.", actor);
        _actorTimersFired = families.Counter("runtime_actor_timers_fired_total", "Timers that have fired.", fired);
        _actorRemindersFired = families.Counter("runtime_actor_reminders_fired_total", "Reminders that have fired.", fired);
        _actorPending = families.Gauge("runtime_actor_pending_actor_calls", "Calls that wait for their actor's turn.", actor);
        _actorDeactivated = families.Counter("runtime_actor_deactivated_total", "Actors deactivated.", actor);
        _actorDeactivatedFailed = families.Counter("runtime_actor_deactivated_failed_total", "Actors that did not deactivate.", actor);

        _requestSent = families.Counter("runtime_service_invocation_req_sent_total", "Invocations sent.", "app_id", "dst_app_id", "type");
        _requestReceived = families.Counter("runtime_service_invocation_req_recv_total", "Invocations received.", "app_id", "src_app_id");
        _responseSent = families.Counter(
            "runtime_service_invocation_res_sent_total", "Answers to invocations sent.", "app_id", "dst_app_id", "status");
        _responseReceived = families.Counter(
            "runtime_service_invocation_res_recv_total", "Answers to invocations received.", "app_id", "src_app_id", "status", "type");
        _responseLatency = families.Latency(
            "runtime_service_invocation_res_recv_latency_ms", "Milliseconds until the answer to an invocation.", "app_id", "src_app_id", "status");
        _errorCodes = families.Counter("error_code_total", "Errors answered, by their code.", "app_id", "category", "error_code");
    }

    public void ComponentLoaded() => _componentLoaded.Of([_appId]).Inc();

    public void ComponentInitialized(string type) => _componentInit.Of([_appId, type]).Inc();

    public void ComponentInitFailed(string type, string reason, string componentName) =>
        _componentInitFail.Of([_appId, type, componentName, reason]).Inc();

    public void ActorTimers(string actorType, int delta) => _actorTimers.Of([_appId, actorType]).Inc(delta);

    public void ActorReminders(string actorType, int delta) => _actorReminders.Of([_appId, actorType]).Inc(delta);

    public void ActorTimerFired(string actorType, bool success) =>
        _actorTimersFired.Of([_appId, actorType, ComponentMetrics.Text(success)]).Inc();

    public void ActorReminderFired(string actorType, bool success) =>
        _actorRemindersFired.Of([_appId, actorType, ComponentMetrics.Text(success)]).Inc();

    public void ActorPendingCalls(string actorType, int delta) => _actorPending.Of([_appId, actorType]).Inc(delta);

    public void ActorDeactivated(string actorType, bool success) =>
        (success ? _actorDeactivated : _actorDeactivatedFailed).Of([_appId, actorType]).Inc();

    public void InvocationRequestSent(string destinationAppId) => _requestSent.Of([_appId, destinationAppId, "unary"]).Inc();

    public void InvocationRequestReceived(string sourceAppId) => _requestReceived.Of([_appId, sourceAppId]).Inc();

    public void InvocationResponseSent(string destinationAppId, int status) =>
        _responseSent.Of([_appId, destinationAppId, HttpLabels.Status(status)]).Inc();

    public void InvocationResponseReceived(string sourceAppId, int status, double elapsed)
    {
        var text = HttpLabels.Status(status);
        _responseReceived.Of([_appId, sourceAppId, text, "unary"]).Inc();
        _responseLatency.Of([_appId, sourceAppId, text]).Observe(elapsed);
    }

    public void ErrorCode(string category, string errorCode) => _errorCodes.Of([_appId, category, errorCode]).Inc();
}

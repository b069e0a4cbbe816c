using System.Diagnostics.Metrics;

namespace DaprMesh.Gateway;

/// <summary>What the gateway counts besides what every web service does.</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter<long> _refused;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _storeFailures;
    private int _onItsOwn;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("gateway");
        _refused = meter.CreateCounter<long>("gateway_rate_limited_total", description: "Requests over a limit, by limit");
        _repeated = meter.CreateCounter<long>("gateway_repeated_calls_total", description: "Calls made again, by app");
        _failed = meter.CreateCounter<long>("gateway_failed_calls_total", description: "Requests that got no answer of their app, by app and status");
        _storeFailures = meter.CreateCounter<long>("gateway_limit_store_failures_total", description: "Leases of limits that the state store did not give");
        meter.CreateObservableGauge("gateway_limits_local", () => Volatile.Read(ref _onItsOwn), description: "1 while this replica limits on its own");
    }

    public void Limited(string limit) => _refused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void Repeated(string app) => _repeated.Add(1, new KeyValuePair<string, object?>("app", app));

    public void Failed(string app, int status) => _failed.Add(1, new("app", app), new("status", status));

    public void LimitsOnItsOwn(bool onItsOwn) => Volatile.Write(ref _onItsOwn, onItsOwn ? 1 : 0);

    public void LimitStoreFailed() => _storeFailures.Add(1);
}

namespace DaprMesh.Sidecar.Hosting;

/// <summary>What <c>/v1.0/healthz</c> and <c>/v1.0/healthz/outbound</c> answer from.</summary>
public sealed class HealthState
{
    private volatile bool _outboundReady;
    private volatile string? _waiting = "runtime";
    private volatile bool _appHealthy = true;

    public bool OutboundReady => _outboundReady;

    public bool Ready => _waiting is null;

    /// <summary>What readiness waits for, in daprd's words; null when ready.</summary>
    public string? Waiting => _waiting;

    /// <summary>The last verdict of app health checks; true when there are none.</summary>
    public bool AppHealthy { get => _appHealthy; set => _appHealthy = value; }

    public void SetOutboundReady() => _outboundReady = true;

    public void SetReady() => _waiting = null;

    /// <summary>Stopping: not ready any more, while outgoing APIs still answer.</summary>
    public void SetStopping() => _waiting = "security-provider";

    public void SetOutboundClosed() => _outboundReady = false;
}

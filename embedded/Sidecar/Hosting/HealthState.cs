namespace DaprMesh.Sidecar.Hosting;

/// <summary>What <c>/v1.0/healthz</c> and <c>/v1.0/healthz/outbound</c> answer from.</summary>
public sealed class HealthState
{
    private volatile bool _outboundReady;
    private volatile bool _ready;
    private volatile bool _appHealthy = true;

    public bool OutboundReady => _outboundReady;

    public bool Ready => _ready;

    /// <summary>The last verdict of app health checks; true when there are none.</summary>
    public bool AppHealthy { get => _appHealthy; set => _appHealthy = value; }

    public void SetOutboundReady() => _outboundReady = true;

    public void SetReady() => _ready = true;

    public void SetStopping() => _ready = _outboundReady = false;
}

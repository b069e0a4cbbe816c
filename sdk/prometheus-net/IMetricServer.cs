namespace Prometheus;

/// <summary>A server of its own for metrics.</summary>
public interface IMetricServer : IDisposable
{
    IMetricServer Start();

    Task StopAsync();

    void Stop();
}

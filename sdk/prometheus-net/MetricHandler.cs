namespace Prometheus;

/// <summary>Something that hands metrics out from its start until it is stopped.</summary>
public abstract class MetricHandler : IMetricServer
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _stop;
    private Task? _server;

    /// <summary>A stopped handler can be started again.</summary>
    public IMetricServer Start()
    {
        lock (_lock)
        {
            if (_server is not null)
                throw new InvalidOperationException("The metric server has been started already.");
            _stop = new CancellationTokenSource();
            _server = StartServer(_stop.Token);
        }

        return this;
    }

    public async Task StopAsync()
    {
        CancellationTokenSource? stop;
        Task? server;
        lock (_lock)
        {
            (stop, server) = (_stop, _server);
            (_stop, _server) = (null, null);
        }

        if (stop is null || server is null)
            return;
        try
        {
            await stop.CancelAsync();
            await server;
        }
        catch (OperationCanceledException)
        {
            // It was asked to.
        }
        finally
        {
            stop.Dispose();
        }
    }

    public void Stop() => StopAsync().GetAwaiter().GetResult();

    public void Dispose()
    {
        Stop();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs until cancelled; a failure to start is thrown at once.</summary>
    protected abstract Task StartServer(CancellationToken cancel);
}

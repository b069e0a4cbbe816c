using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Prometheus;

/// <summary>Serves metrics on a port of their own for as long as the host runs.</summary>
public static class KestrelMetricServerExtensions
{
    public static IServiceCollection AddMetricServer(this IServiceCollection services, Action<KestrelMetricServerOptions> optionsCallback)
    {
        ArgumentNullException.ThrowIfNull(optionsCallback);
        return services.AddHostedService(provider =>
        {
            var options = new KestrelMetricServerOptions();
            optionsCallback(options);
            options.Host = HostMetrics.Of(provider);
            return new MetricServerService(options);
        });
    }

    private sealed class MetricServerService(KestrelMetricServerOptions options) : IHostedService, IDisposable
    {
        private readonly KestrelMetricServer _server = new(options);

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _server.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync();

        public void Dispose() => _server.Dispose();
    }
}

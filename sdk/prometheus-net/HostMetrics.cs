using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Prometheus;

/// <summary>
/// The registry of one host, used wherever a host's own metrics name no registry. It is the host's CollectorRegistry
/// service, if there is one, and takes the meters of the host's IMeterFactory, so that hosts in one process do not mix.
/// </summary>
internal sealed class HostMetrics
{
    private static readonly ConditionalWeakTable<object, HostMetrics> Hosts = [];

    private readonly IMeterFactory? _meters;
    private readonly Lock _lock = new();
    private IDisposable? _adapter;
    private bool _started;

    private HostMetrics(IServiceProvider services)
    {
        Registry = services.GetService<CollectorRegistry>() ?? new CollectorRegistry();
        _meters = services.GetService<IMeterFactory>();
        Registry.AddBeforeCollectCallback(StartMeters);

        if (services.GetService<IHostApplicationLifetime>() is { } lifetime)
        {
            lifetime.ApplicationStarted.Register(StartMeters);
            lifetime.ApplicationStopped.Register(StopMeters);
        }
    }

    public CollectorRegistry Registry { get; }

    public static HostMetrics Of(IServiceProvider services)
    {
        // A scope's provider is another object than its host's, the factory is one for the host.
        var key = services.GetService<IMeterFactory>() ?? (object)services;
        return Hosts.GetValue(key, _ => new HostMetrics(services));
    }

    /// <summary>Exports the host's metrics, and after them those of the process.</summary>
    public Task ExportAsync(Stream to, ExpositionFormat format, CancellationToken cancel) =>
        CollectorRegistry.ExportAsync(
            ReferenceEquals(Registry, Metrics.DefaultRegistry) ? [Registry] : [Registry, Metrics.DefaultRegistry], to, format, cancel);

    private void StartMeters()
    {
        lock (_lock)
        {
            if (_started)
                return;
            _started = true;
            if (_meters is not null)
                _adapter = ProcessMetrics.StartMeters(Registry, instrument => ReferenceEquals(instrument.Meter.Scope, _meters));
        }
    }

    private void StopMeters()
    {
        lock (_lock)
        {
            _started = true;
            _adapter?.Dispose();
            _adapter = null;
        }
    }
}

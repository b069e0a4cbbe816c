using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>
/// Sees the host that a program builds on this thread, by the diagnostic events of Microsoft.Extensions.Hosting
/// (the same that integration tests use), and adds to its services before it is built.
/// </summary>
internal sealed class HostHook : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly Action<IServiceCollection> _configure;
    private readonly Action<IHost> _built;
    private readonly AsyncLocal<bool> _here = new();
    private readonly List<IDisposable> _subscriptions = [];

    private HostHook(Action<IServiceCollection> configure, Action<IHost> built)
    {
        _configure = configure;
        _built = built;
    }

    /// <summary>In force for the calling flow of execution until it is disposed; the first host counts.</summary>
    public static HostHook Install(Action<IServiceCollection> configure, Action<IHost> built)
    {
        var hook = new HostHook(configure, built);
        hook._here.Value = true;
        lock (hook._subscriptions)
        {
            hook._subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(hook));
        }

        return hook;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (_here.Value && value.Name == "Microsoft.Extensions.Hosting")
        {
            lock (_subscriptions)
            {
                _subscriptions.Add(value.Subscribe(this));
            }
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (!_here.Value)
        {
            return;
        }

        switch (value)
        {
            case { Key: "HostBuilding", Value: IHostBuilder builder }:
                builder.ConfigureServices((_, services) => _configure(services));
                break;
            case { Key: "HostBuilt", Value: IHost host }:
                _built(host);
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        lock (_subscriptions)
        {
            foreach (var subscription in _subscriptions)
            {
                subscription.Dispose();
            }

            _subscriptions.Clear();
        }
    }
}

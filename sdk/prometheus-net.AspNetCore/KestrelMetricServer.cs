using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Prometheus;

/// <summary>Serves metrics on a port of their own.</summary>
public sealed class KestrelMetricServer : MetricHandler
{
    private readonly KestrelMetricServerOptions _options;

    public KestrelMetricServer(int port, string url = "/metrics", CollectorRegistry? registry = null, X509Certificate2? certificate = null)
        : this("+", port, url, registry, certificate)
    {
    }

    public KestrelMetricServer(
        string hostname, int port, string url = "/metrics", CollectorRegistry? registry = null, X509Certificate2? certificate = null)
        : this(new KestrelMetricServerOptions
        {
            Hostname = hostname,
            Port = (ushort)port,
            Url = url,
            Registry = registry,
            TlsCertificate = certificate,
        })
    {
    }

    public KestrelMetricServer(KestrelMetricServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    protected override Task StartServer(CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Listen);
        if (_options.TlsCertificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        // The process ends when its main host does, not when this one sees Ctrl-C.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        var app = builder.Build();
        var settings = new MetricServerMiddleware.Settings { Registry = _options.Registry };
        _options.ConfigureExporter?.Invoke(settings);
        if (_options.Host is null)
            settings.Registry ??= Metrics.DefaultRegistry;
        settings.Host = _options.Host;
        app.UseMetricServer(settings, "/" + _options.Url.Trim('/'));

        // Started before this returns, so that a port in use is an exception of Start.
        app.StartAsync(cancel).GetAwaiter().GetResult();
        return RunAsync(app, cancel);
    }

    private static async Task RunAsync(WebApplication app, CancellationToken cancel)
    {
        await using (app)
            await app.WaitForShutdownAsync(cancel);
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        if (IPAddress.TryParse(_options.Hostname, out var address))
            kestrel.Listen(address, _options.Port, Secure);
        else if (string.Equals(_options.Hostname, "localhost", StringComparison.OrdinalIgnoreCase))
            kestrel.ListenLocalhost(_options.Port, Secure);
        else
            kestrel.ListenAnyIP(_options.Port, Secure);
    }

    private void Secure(ListenOptions listen)
    {
        if (_options.TlsCertificate is not null)
            listen.UseHttps(_options.TlsCertificate);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

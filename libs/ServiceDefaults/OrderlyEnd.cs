using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DaprMesh.ServiceDefaults;

/// <summary>
/// Ends a service without a failed request: first it says that it is not ready and goes on serving for a while, then it takes no more and
/// finishes what is under way, then it stops.
/// </summary>
internal sealed class OrderlyEnd(IOptions<ServiceOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<OrderlyEnd> log) : IHostedLifecycleService
{
    private readonly long _started = clock.GetTimestamp();

    public bool HasBegun => lifetime.ApplicationStopping.IsCancellationRequested;

    public TimeSpan Uptime => clock.GetElapsedTime(_started);

    /// <summary>The host calls this before it stops anything, the server included.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lifetime.StopApplication(); // so that readiness is down, however the host was told to stop
        if (options.Value.ShutdownDelay > TimeSpan.Zero)
        {
            log.LogInformation("Ending: not ready any more, taking requests for another {Delay}", options.Value.ShutdownDelay);
            await Task.Delay(options.Value.ShutdownDelay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static class OrderlyEndServices
{
    public static void AddOrderlyEnd(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OrderlyEnd>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<OrderlyEnd>());
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ServiceOptions>>((host, service) =>
            host.ShutdownTimeout = service.Value.ShutdownDelay + service.Value.ShutdownTimeout);
    }

    /// <summary>Tells clients that keep connections to open their next one elsewhere.</summary>
    public static void UseOrderlyEnd(this WebApplication app)
    {
        var end = app.Services.GetRequiredService<OrderlyEnd>();
        app.Use((http, next) =>
        {
            if (end.HasBegun && HttpProtocol.IsHttp11(http.Request.Protocol))
            {
                http.Response.Headers.Connection = "close";
            }

            return next(http);
        });
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Prometheus.HttpClientMetrics;

namespace Prometheus;

/// <summary>Adds measurements to HTTP clients made by IHttpClientFactory.</summary>
public static class HttpClientMetricsExtensions
{
    public static IHttpClientBuilder UseHttpClientMetrics(this IHttpClientBuilder builder, Action<HttpClientExporterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new HttpClientExporterOptions();
        configure(options);
        return builder.UseHttpClientMetrics(options);
    }

    public static IHttpClientBuilder UseHttpClientMetrics(this IHttpClientBuilder builder, HttpClientExporterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var identity = new HttpClientIdentity(builder.Name);
        return builder.AddHttpMessageHandler(services => NewHandler(services, options, identity));
    }

    public static HttpMessageHandlerBuilder UseHttpClientMetrics(this HttpMessageHandlerBuilder builder, HttpClientExporterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var identity = string.IsNullOrEmpty(builder.Name) ? HttpClientIdentity.Default : new HttpClientIdentity(builder.Name);
        builder.AdditionalHandlers.Add(NewHandler(builder.Services, options, identity));
        return builder;
    }

    /// <summary>Measures every client of the service collection.</summary>
    public static IServiceCollection UseHttpClientMetrics(this IServiceCollection services, HttpClientExporterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.ConfigureAll<HttpClientFactoryOptions>(
            factory => factory.HttpMessageHandlerBuilderActions.Add(builder => builder.UseHttpClientMetrics(options)));
    }

    private static HttpClientMetricsHandler NewHandler(
        IServiceProvider services, HttpClientExporterOptions? options, HttpClientIdentity identity) =>
        new(options ?? new HttpClientExporterOptions(), identity, HostMetrics.Of(services).Registry);
}

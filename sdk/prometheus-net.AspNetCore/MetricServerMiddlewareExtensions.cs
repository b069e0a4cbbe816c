using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Prometheus;

/// <summary>Puts the metrics on a path of the application.</summary>
public static class MetricServerMiddlewareExtensions
{
    private const string DefaultPath = "/metrics";

    public static IEndpointConventionBuilder MapMetrics(
        this IEndpointRouteBuilder endpoints, Action<MetricServerMiddleware.Settings> configure, string pattern = DefaultPath)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var pipeline = endpoints.CreateApplicationBuilder().Serve(Settings(configure)).Build();
        return endpoints.Map(pattern, pipeline).WithDisplayName("Prometheus metrics");
    }

    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEndpointConventionBuilder MapMetrics(
        this IEndpointRouteBuilder endpoints, string pattern = DefaultPath, CollectorRegistry? registry = null) =>
        endpoints.MapMetrics(settings => settings.Registry = registry, pattern);

    public static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, Action<MetricServerMiddleware.Settings> configure, string? url = DefaultPath)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseMetricServer(Settings(configure), url);
    }

    /// <summary>Answers on one of the ports that the server listens on.</summary>
    public static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, int port, Action<MetricServerMiddleware.Settings> configure, string? url = DefaultPath) =>
        builder.MapWhen(context => context.Connection.LocalPort == port, branch => branch.UseMetricServer(configure, url));

    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, int port, string? url = DefaultPath, CollectorRegistry? registry = null) =>
        builder.UseMetricServer(port, settings => settings.Registry = registry, url);

    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, string? url = DefaultPath, CollectorRegistry? registry = null) =>
        builder.UseMetricServer(settings => settings.Registry = registry, url);

    internal static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, MetricServerMiddleware.Settings settings, string? url) =>
        string.IsNullOrEmpty(url) ? builder.Serve(settings) : builder.Map(url, branch => branch.Serve(settings));

    private static MetricServerMiddleware.Settings Settings(Action<MetricServerMiddleware.Settings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var settings = new MetricServerMiddleware.Settings();
        configure(settings);
        return settings;
    }

    private static IApplicationBuilder Serve(this IApplicationBuilder app, MetricServerMiddleware.Settings settings)
    {
        // Known before the first scrape, the host's registry hears its meters from the start of the host.
        if (settings is { Registry: null, Host: null })
            HostMetrics.Of(app.ApplicationServices);
        return app.Use(next => new MetricServerMiddleware(next, settings).Invoke);
    }
}

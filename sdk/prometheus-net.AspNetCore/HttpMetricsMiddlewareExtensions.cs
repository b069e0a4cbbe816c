using Microsoft.AspNetCore.Builder;
using Prometheus.HttpMetrics;

namespace Prometheus;

/// <summary>Adds measurements of the HTTP server to the pipeline.</summary>
public static class HttpMetricsMiddlewareExtensions
{
    public static IApplicationBuilder UseHttpMetrics(this IApplicationBuilder app, Action<HttpMiddlewareExporterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new HttpMiddlewareExporterOptions();
        configure(options);
        return app.UseHttpMetrics(options);
    }

    /// <summary>Belongs after UseRouting, which finds the endpoint that the labels name.</summary>
    public static IApplicationBuilder UseHttpMetrics(this IApplicationBuilder app, HttpMiddlewareExporterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var chosen = options ?? new HttpMiddlewareExporterOptions();
        return app.Use(next => new HttpMetricsMiddleware(next, chosen, app.ApplicationServices).Invoke);
    }
}

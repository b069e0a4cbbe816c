using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.ServiceDefaults;

/// <summary>
/// W3C tracing: every request has a span of the service's own <see cref="ActivitySource"/>, which is named as the app-id and can be taken from
/// the services. Spans leave the process when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// </summary>
internal static class Traces
{
    public static void AddTracing(this WebApplicationBuilder builder)
    {
        // Services of one process must not hear each other's requests, so each host has a source of its own instead of the framework's.
        var name = ServiceName.Of(builder).Value;
        builder.Services.AddSingleton(_ => new ActivitySource(name));
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            builder.Services.AddHostedService<TraceExport>();
        }
    }

    /// <summary>Names the spans of requests as OpenTelemetry's conventions do; costs nothing while nobody listens.</summary>
    public static void UseTraces(this WebApplication app)
    {
        var source = app.Services.GetRequiredService<ActivitySource>();
        app.Use((http, next) => source.HasListeners() && http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span
            ? DescribeAsync(span, http, next)
            : next(http));
    }

    private static async Task DescribeAsync(Activity span, HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        finally
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
            span.SetTag("http.request.method", http.Request.Method);
            span.SetTag("url.path", http.Request.Path.Value);
            span.SetTag("http.route", route);
            span.SetTag("http.response.status_code", http.Response.StatusCode);
            if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }
}

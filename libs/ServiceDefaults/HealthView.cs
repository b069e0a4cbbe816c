using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DaprMesh.ServiceDefaults;

/// <summary>The answer of <c>/health</c>.</summary>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c> or <c>Unhealthy</c>, as the worst of the checks.</param>
public sealed record HealthView(string Status, string Service, double UptimeSeconds, IReadOnlyDictionary<string, HealthCheckView> Checks)
{
    internal static Task WriteAsync(HttpContext http, HealthReport report)
    {
        var services = http.RequestServices;
        var view = new HealthView(
            report.Status.ToString(),
            services.GetRequiredService<ServiceName>().Value,
            Math.Round(services.GetRequiredService<OrderlyEnd>().Uptime.TotalSeconds, 1),
            report.Entries.ToDictionary(
                entry => entry.Key,
                entry => new HealthCheckView(entry.Value.Status.ToString(), entry.Value.Description, Math.Round(entry.Value.Duration.TotalMilliseconds, 3))));
        return http.Response.WriteAsJsonAsync(view, DefaultsJson.Default.HealthView, cancellationToken: http.RequestAborted);
    }
}

/// <summary>One check of <c>/health</c>.</summary>
public sealed record HealthCheckView(string Status, string? Description, double Milliseconds);

using Microsoft.AspNetCore.Http;

namespace Prometheus;

/// <summary>Answers a scrape.</summary>
public sealed class MetricServerMiddleware
{
    private readonly Settings _settings;

    /// <summary>The middleware answers every request that reaches it, so <paramref name="next"/> never runs.</summary>
    public MetricServerMiddleware(RequestDelegate next, Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    public async Task Invoke(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var format = _settings.EnableOpenMetrics ? Negotiation.FormatFor(context.Request) : ExpositionFormat.PrometheusText;
        context.Response.ContentType = format == ExpositionFormat.OpenMetricsText
            ? PrometheusConstants.OpenMetricsContentTypeWithVersionAndEncoding
            : PrometheusConstants.TextContentTypeWithVersionAndEncoding;

        var cancel = context.RequestAborted;
        try
        {
            var to = context.Response.Body;
            await (_settings.Registry is { } registry
                ? registry.CollectAndExportAsTextAsync(to, format, cancel)
                : (_settings.Host ?? HostMetrics.Of(context.RequestServices)).ExportAsync(to, format, cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The scraper has gone; nobody is left to answer.
        }
    }

    /// <summary>What a scrape gets.</summary>
    public sealed class Settings
    {
        /// <summary>Exports this registry alone; by default the host's own metrics and those of the process.</summary>
        public CollectorRegistry? Registry { get; set; }

        public bool EnableOpenMetrics { get; set; } = true;

        /// <summary>The host to export when it is not the one that answers the scrape.</summary>
        internal HostMetrics? Host { get; set; }
    }
}

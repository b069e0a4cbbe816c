using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Prometheus;

/// <summary>Chooses the exposition format that a scraper asks for.</summary>
internal static class Negotiation
{
    public static ExpositionFormat FormatFor(HttpRequest request)
    {
        // A browser can't send the header, so ?accept= stands in for it.
        var accept = request.Query["accept"] is { Count: > 0 } query ? query : request.Headers.Accept;
        if (!MediaTypeHeaderValue.TryParseList(accept, out var wanted))
            return ExpositionFormat.PrometheusText;

        foreach (var media in wanted.Where(media => media.Quality is not 0).OrderByDescending(media => media.Quality ?? 1))
        {
            if (media.MediaType.Equals(PrometheusConstants.OpenMetricsContentType, StringComparison.OrdinalIgnoreCase)
                && VersionOf(media) is "" or "1.0.0" or "0.0.1")
            {
                return ExpositionFormat.OpenMetricsText;
            }

            if (media.MediaType.Equals(PrometheusConstants.TextContentType, StringComparison.OrdinalIgnoreCase)
                && VersionOf(media) is "" or "0.0.4")
            {
                return ExpositionFormat.PrometheusText;
            }
        }

        return ExpositionFormat.PrometheusText;
    }

    private static string VersionOf(MediaTypeHeaderValue media) =>
        HeaderUtilities.RemoveQuotes(media.Parameters.FirstOrDefault(p => p.Name == "version")?.Value ?? "").ToString();
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Posts spans to Zipkin as JSON, version 2 of its format.</summary>
internal sealed class ZipkinTraceExporter(Uri endpoint, string service, ILogger log) : BaseExporter<Activity>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // Without a propagator: the export is no part of any trace.
    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { Timeout = Timeout };

    public override ExportResult Export(in Batch<Activity> batch)
    {
        using var body = new MemoryStream();
        Write(body, batch);
        body.Position = 0;

        // The batch processor calls on a thread of its own, which may wait.
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StreamContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = _http.Send(request);
            if (response.IsSuccessStatusCode)
            {
                return ExportResult.Success;
            }

            log.LogWarning("Zipkin at {Endpoint} refused spans: {Status}", endpoint, (int)response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            log.LogWarning("Zipkin at {Endpoint} did not take spans: {Reason}", endpoint, e.Message);
        }

        return ExportResult.Failure;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _http.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Write(Stream to, in Batch<Activity> batch)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartArray();
        foreach (var span in batch)
        {
            Write(json, span);
        }

        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, Activity span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.TraceId.ToHexString());
        json.WriteString("id", span.SpanId.ToHexString());
        if (span.ParentSpanId != default)
        {
            json.WriteString("parentId", span.ParentSpanId.ToHexString());
        }

        json.WriteString("name", span.DisplayName);
        if (span.Kind != ActivityKind.Internal)
        {
            json.WriteString("kind", span.Kind.ToString().ToUpperInvariant());
        }

        json.WriteNumber("timestamp", (span.StartTimeUtc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        // Zipkin takes 0 for an unknown duration.
        json.WriteNumber("duration", Math.Max(1, span.Duration.Ticks / TimeSpan.TicksPerMicrosecond));
        json.WriteStartObject("localEndpoint");
        json.WriteString("serviceName", service);
        json.WriteEndObject();
        json.WriteStartObject("tags");
        foreach (var (name, value) in span.TagObjects)
        {
            json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        if (span.Status == ActivityStatusCode.Error)
        {
            json.WriteString("error", span.StatusDescription ?? "");
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}

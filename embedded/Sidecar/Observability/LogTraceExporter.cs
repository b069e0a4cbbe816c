using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace DaprMesh.Sidecar.Observability;

/// <summary><c>tracing.stdout</c>: every sampled span is a line of the log.</summary>
internal sealed class LogTraceExporter(ILogger log) : BaseExporter<Activity>
{
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var span in batch)
        {
            log.LogInformation(
                "[{Name}] Trace: {TraceId} Span: {ParentId}/{SpanId} Time: [{Start:O} -> {End:O}]",
                span.DisplayName, span.TraceId, span.ParentSpanId, span.SpanId, span.StartTimeUtc, span.StartTimeUtc + span.Duration);
        }

        return ExportResult.Success;
    }
}

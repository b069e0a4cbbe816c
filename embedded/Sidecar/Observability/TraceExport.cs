using System.Diagnostics;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Sends finished spans where the Configuration says, in batches and off the path of the requests.</summary>
internal sealed class TraceExport : IDisposable
{
    private const int DelayMilliseconds = 1_000;

    private readonly BaseProcessor<Activity>[] _processors;
    private readonly TracerProvider _provider;

    private TraceExport(BaseProcessor<Activity>[] processors, TracingSettings settings)
    {
        _processors = processors;
        // It listens to no source: it lends the exporters its resource, and stops them in the end.
        var builder = OpenTelemetry.Sdk.CreateTracerProviderBuilder().SetResourceBuilder(
            ResourceBuilder.CreateEmpty().AddAttributes(settings.Resource.Select(pair => KeyValuePair.Create(pair.Key, (object)pair.Value))));
        foreach (var processor in processors)
        {
            builder.AddProcessor(processor);
        }

        _provider = builder.Build();
    }

    /// <summary>Null when no exporter is configured.</summary>
    public static TraceExport? From(TracingSpec spec, TracingSettings settings, ILoggerFactory loggers)
    {
        var log = loggers.CreateLogger("dapr.runtime.trace");
        var processors = new List<BaseProcessor<Activity>>();
        if (spec.Stdout)
        {
            processors.Add(new SimpleActivityExportProcessor(new LogTraceExporter(log)));
        }

        if (spec.ZipkinEndpoint is { Length: > 0 } zipkin)
        {
            processors.Add(Batch(new ZipkinTraceExporter(new Uri(zipkin), settings.Service, log)));
        }

        if (settings.Otel is { } otel)
        {
            processors.Add(Batch(new OtlpTraceExporter(Options(otel))));
        }

        return processors.Count == 0 ? null : new TraceExport([.. processors], settings);
    }

    public void Add(Activity span)
    {
        foreach (var processor in _processors)
        {
            processor.OnEnd(span);
        }
    }

    /// <summary>Sends what is waiting, for a few seconds at most.</summary>
    public void Dispose() => _provider.Dispose();

    private static BatchActivityExportProcessor Batch(BaseExporter<Activity> exporter) =>
        new(exporter, scheduledDelayMilliseconds: DelayMilliseconds);

    private static OtlpExporterOptions Options(OtelSpec otel)
    {
        var isHttp = otel.Protocol == "http";
        var address = otel.EndpointAddress.Contains("://", StringComparison.Ordinal)
            ? otel.EndpointAddress
            : (otel.IsSecure ? "https://" : "http://") + otel.EndpointAddress;
        var endpoint = new Uri(address);
        if (isHttp && endpoint.AbsolutePath == "/")
        {
            endpoint = new Uri(endpoint, "/v1/traces");
        }

        var options = new OtlpExporterOptions
        {
            Endpoint = endpoint,
            Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            Headers = string.Join(',', otel.Headers.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")),
        };
        if (otel.Timeout is { } timeout)
        {
            options.TimeoutMilliseconds = (int)timeout.TotalMilliseconds;
        }

        return options;
    }
}

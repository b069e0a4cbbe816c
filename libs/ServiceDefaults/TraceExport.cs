using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DaprMesh.ServiceDefaults;

/// <summary>Sends the service's spans to an OpenTelemetry collector, for as long as the service runs.</summary>
internal sealed class TraceExport(ServiceName service, IConfiguration configuration) : IHostedService, IDisposable
{
    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The settings are the standard's, and come from where the service's other settings come from.
        _provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => resource.AddService(service.Value))
            .AddSource(service.Value)
            .AddSource("System.Net.Http")
            .AddProcessor(new OwnSpans(service.Value, new OtlpTraceExporter(Options()), Delay()))
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Not before the last request is finished: hosted services stop in the reverse order of their start.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _provider?.ForceFlush((int)TimeSpan.FromSeconds(2).TotalMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose() => _provider?.Dispose();

    private int Delay() => int.TryParse(configuration["OTEL_BSP_SCHEDULE_DELAY"], NumberStyles.None, CultureInfo.InvariantCulture, out var delay) ? delay : 5000;

    private OtlpExporterOptions Options()
    {
        var isHttp = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] is "http/protobuf";
        var endpoint = new Uri(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]!); // this is only here when it is set
        return new OtlpExporterOptions
        {
            Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc,
            Endpoint = isHttp ? new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/v1/traces") : endpoint,
            Headers = configuration["OTEL_EXPORTER_OTLP_HEADERS"],
        };
    }

    /// <summary>Leaves out what other services of the process send: their calls have a root of another source.</summary>
    private sealed class OwnSpans(string source, BaseExporter<Activity> exporter, int delayMilliseconds)
        : BatchActivityExportProcessor(exporter, scheduledDelayMilliseconds: delayMilliseconds)
    {
        public override void OnEnd(Activity data)
        {
            var root = data;
            while (root.Parent is { } parent)
            {
                root = parent;
            }

            if (root.Source.Name == source)
            {
                base.OnEnd(data);
            }
        }
    }
}

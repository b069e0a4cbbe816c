using System.Text;
using System.Text.Json;
using DaprMesh.Sidecar.Observability;
using DaprMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.Observability;

public sealed class TraceExportTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Sampled = $"00-{TraceId}-00f067aa0ba902b7-01";

    [Fact]
    public async Task Zipkin_gets_a_span_with_its_name_parent_and_tags()
    {
        await using var zipkin = await Collector.StartAsync(HttpProtocols.Http1, TestContext.Current.CancellationToken);
        await using var tracing = New(new TracingSpec(1, ZipkinEndpoint: $"http://{zipkin.Address}/api/v2/spans"));
        EndRequest(tracing, "/v1.0/state/orders/k", 404);

        var export = await zipkin.NextAsync(TestContext.Current.CancellationToken);

        Assert.Equal("/api/v2/spans", export.Path);
        Assert.Equal("application/json", export.ContentType);
        var span = Assert.Single(JsonDocument.Parse(export.Body).RootElement.EnumerateArray());
        Assert.Equal(TraceId, span.GetProperty("traceId").GetString());
        Assert.Equal("00f067aa0ba902b7", span.GetProperty("parentId").GetString());
        Assert.Equal("/v1.0/state/orders/k", span.GetProperty("name").GetString());
        Assert.Equal("CLIENT", span.GetProperty("kind").GetString());
        Assert.Equal("checkout", span.GetProperty("localEndpoint").GetProperty("serviceName").GetString());
        Assert.True(span.GetProperty("duration").GetInt64() > 0);
        var tags = span.GetProperty("tags");
        Assert.Equal("GET /v1.0/state/orders/k", tags.GetProperty("dapr.api").GetString());
        Assert.Equal("404", tags.GetProperty("dapr.status_code").GetString());
        Assert.Equal("orders", tags.GetProperty("db.name").GetString());
        Assert.Equal("Code(404): Not Found", tags.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Otlp_over_http_carries_the_service_and_the_headers()
    {
        await using var collector = await Collector.StartAsync(HttpProtocols.Http1, TestContext.Current.CancellationToken);
        var headers = new Dictionary<string, string> { ["x-api-key"] = "test-api-key-123" };
        await using var tracing = New(new TracingSpec(1, Otel: new OtelSpec(collector.Address, "http", false, headers, null)));
        EndRequest(tracing, "/v1.0/invoke/orders/method/place/1", 200);

        var export = await collector.NextAsync(TestContext.Current.CancellationToken);

        Assert.Equal("/v1/traces", export.Path);
        Assert.Equal("application/x-protobuf", export.ContentType);
        Assert.Equal("test-api-key-123", export.Headers["x-api-key"]);
        var text = Encoding.Latin1.GetString(export.Body);
        Assert.Contains("checkout", text, StringComparison.Ordinal);
        Assert.Contains("CallLocal/orders/place/1", text, StringComparison.Ordinal);
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString(TraceId)), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Otlp_over_grpc_takes_name_and_attributes_of_the_service_from_the_environment()
    {
        await using var collector = await Collector.StartAsync(HttpProtocols.Http2, TestContext.Current.CancellationToken);
        await using var tracing = New(
            new TracingSpec(1, Otel: new OtelSpec(collector.Address, "grpc", false, new Dictionary<string, string>(), TimeSpan.FromSeconds(5))),
            ("OTEL_SERVICE_NAME", "my-custom-service"), ("OTEL_RESOURCE_ATTRIBUTES", "service.namespace=production,k8s.pod.name=pod-123"));
        tracing.End(tracing.StartConsumer("pubsub/orders", Sampled, null), 200);

        var export = await collector.NextAsync(TestContext.Current.CancellationToken);

        Assert.Equal("/opentelemetry.proto.collector.trace.v1.TraceService/Export", export.Path);
        var text = Encoding.Latin1.GetString(export.Body);
        Assert.All(
            ["my-custom-service", "production", "pod-123", "pubsub/orders", "messaging.destination.name"],
            expected => Assert.Contains(expected, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_environment_names_the_collector_when_the_configuration_does_not_and_then_all_is_sampled()
    {
        await using var collector = await Collector.StartAsync(HttpProtocols.Http1, TestContext.Current.CancellationToken);
        await using var tracing = New(
            new TracingSpec(),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{collector.Address}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_INSECURE", "true"), ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-env-header=env%20value"));
        tracing.End(tracing.StartConsumer("bindings/cron", null, null), 200);

        Assert.Equal("env value", (await collector.NextAsync(TestContext.Current.CancellationToken)).Headers["x-env-header"]);
    }

    [Fact]
    public async Task Sidecars_of_one_process_export_their_own_spans_only_and_no_unsampled_ones()
    {
        await using var first = await Collector.StartAsync(HttpProtocols.Http1, TestContext.Current.CancellationToken);
        await using var second = await Collector.StartAsync(HttpProtocols.Http1, TestContext.Current.CancellationToken);
        await using var one = New(new TracingSpec(1, ZipkinEndpoint: $"http://{first.Address}/"));
        await using var other = New(new TracingSpec(1, ZipkinEndpoint: $"http://{second.Address}/"));
        one.End(one.StartConsumer("unsampled", Sampled[..^1] + "0", null), 200);
        one.End(one.StartConsumer("of-one", null, null), 200);
        other.End(other.StartConsumer("of-other", null, null), 200);

        Assert.Equal("of-one", Assert.Single(JsonDocument.Parse((await first.NextAsync(TestContext.Current.CancellationToken)).Body).RootElement.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("of-other", Assert.Single(JsonDocument.Parse((await second.NextAsync(TestContext.Current.CancellationToken)).Body).RootElement.EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("tcp", "invalid protocol tcp provided for Otel endpoint")]
    public void An_unknown_protocol_is_refused(string protocol, string message)
    {
        var otel = new OtelSpec("localhost:4317", protocol, false, new Dictionary<string, string>(), null);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => New(new TracingSpec(1, Otel: otel))).Message, StringComparison.Ordinal);
    }

    private static void EndRequest(SidecarTracing tracing, string path, int status)
    {
        var http = new DefaultHttpContext { Request = { Method = "GET" } };
        http.Request.Headers.TraceParent = Sampled;
        tracing.End(tracing.StartServer(http, path), status);
    }

    private static SidecarTracing New(TracingSpec spec, params (string Name, string Value)[] environment) =>
        new(spec, "checkout", NullLoggerFactory.Instance, environment.ToDictionary(pair => pair.Name, pair => pair.Value));
}

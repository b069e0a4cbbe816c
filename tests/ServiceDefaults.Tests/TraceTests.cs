using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.ServiceDefaults.Tests;

public sealed class TraceTests
{
    private const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_goes_on_with_the_callers_trace_into_its_problems()
    {
        await using var mesh = await Shop.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "nowhere") { Headers = { { "traceparent", Parent } } };
        using var answer = await mesh.App("shop").SendAsync(request, Ct);

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", problem.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task Spans_go_to_the_collector_that_is_named_and_each_service_sends_its_own()
    {
        var received = new ConcurrentQueue<string>();
        await using var collector = await CollectorAsync(received);
        await using var mesh = await Shop.StartAsync(
            shop =>
            {
                shop.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single();
                shop.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
                shop.Settings["OTEL_BSP_SCHEDULE_DELAY"] = "50";
            },
            mesh: plan => plan.App("quiet", builder => builder.AddServiceDefaults(ShopJson.Default), app => app.UseServiceDefaults().MapGet("/silent", () => "")));

        using var request = new HttpRequestMessage(HttpMethod.Get, "orders/17") { Headers = { { "traceparent", Parent } } };
        await mesh.App("quiet").GetAsync("silent", Ct);
        using var answer = await mesh.App("shop").SendAsync(request, Ct);

        await Eventually.TrueAsync(() => received.Any(batch => batch.Contains("GET /orders/{id}", StringComparison.Ordinal)), Ct);
        var spans = string.Concat(received);
        Assert.Contains("service.name", spans, StringComparison.Ordinal);
        Assert.Contains("http.response.status_code", spans, StringComparison.Ordinal);
        Assert.Contains(Encoding.Latin1.GetString(Convert.FromHexString("4bf92f3577b34da6a3ce929d0e0e4736")), spans, StringComparison.Ordinal);
        Assert.DoesNotContain("/silent", spans, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> CollectorAsync(ConcurrentQueue<string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/v1/traces", async (HttpRequest request, CancellationToken ct) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, ct);
            received.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        await app.StartAsync(Ct);
        return app;
    }
}

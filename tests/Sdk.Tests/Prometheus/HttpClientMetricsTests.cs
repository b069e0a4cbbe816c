using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed class HttpClientMetricsTests
{
    [Fact]
    public async Task Requests_of_a_client_are_measured_in_the_registry_of_its_host()
    {
        var ct = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var server = builder.Build();
        server.MapGet("/", () => "hello");
        await server.StartAsync(ct);

        var registry = Metrics.NewCustomRegistry();
        var services = new ServiceCollection().AddSingleton(registry);
        services.AddHttpClient("catalog", client => client.BaseAddress = new Uri(server.Urls.First()));
        services.UseHttpClientMetrics();
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("catalog");

        Assert.Equal("hello", await client.GetStringAsync("/", ct));
        await server.StopAsync(ct);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/", ct));

        const string Labels = "method=\"GET\",host=\"127.0.0.1\",client=\"catalog\"";
        var text = await registry.TextAsync();
        Assert.Contains($"httpclient_requests_in_progress{{{Labels}}} 0\n", text, StringComparison.Ordinal);
        Assert.Contains($"httpclient_requests_sent_total{{{Labels},code=\"200\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"httpclient_requests_sent_total{{{Labels},code=\"\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"httpclient_request_duration_seconds_count{{{Labels},code=\"200\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"httpclient_response_duration_seconds_count{{{Labels},code=\"200\"}} 1\n", text, StringComparison.Ordinal);
    }
}

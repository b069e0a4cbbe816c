using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;
using Prometheus.HttpMetrics;

namespace DaprMesh.Sdk.Tests.Prometheus;

public sealed class HostMetricsTests
{
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task Two_hosts_in_one_process_do_not_mix()
    {
        await using var cart = await StartAsync(app => app.MapGet("/cart/{id}", (string id) => id));
        await using var orders = await StartAsync(app => app.MapGet("/orders", () => "orders"));
        await GetAsync(cart, "/cart/7");
        await GetAsync(orders, "/orders");
        cart.Services.GetRequiredService<IMeterFactory>().Create("Carts").CreateCounter<int>("opened").Add(1);

        var ofCart = await GetAsync(cart, "/metrics");
        var ofOrders = await GetAsync(orders, "/metrics");

        Assert.Contains(
            "http_requests_received_total{code=\"200\",method=\"GET\",controller=\"\",action=\"\",endpoint=\"/cart/{id}\"} 1\n",
            ofCart, StringComparison.Ordinal);
        Assert.Contains("http_request_duration_seconds_count{code=\"200\",", ofCart, StringComparison.Ordinal);
        Assert.Contains("\ncarts_opened 1\n", ofCart, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/cart/{id}\"", ofCart, StringComparison.Ordinal);
        Assert.DoesNotContain("/orders", ofCart, StringComparison.Ordinal);
        Assert.Contains("endpoint=\"/orders\"} 1\n", ofOrders, StringComparison.Ordinal);
        Assert.DoesNotContain("cart", ofOrders, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_registry_among_a_hosts_services_is_the_one_that_it_exports()
    {
        var registry = Metrics.NewCustomRegistry();
        await using var app = await StartAsync(
            app => app.MapGet("/a", () => "a"), services => services.AddSingleton(registry));
        Metrics.WithCustomRegistry(registry).CreateCounter("own_counter", "").Inc();
        await GetAsync(app, "/a");

        Assert.Contains("\nown_counter 1\n", await GetAsync(app, "/metrics"), StringComparison.Ordinal);
        Assert.Contains("endpoint=\"/a\"} 1\n", await registry.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Static_metrics_and_those_of_the_process_are_exported_by_every_host()
    {
        Metrics.CreateCounter("static_counter_of_the_host_tests", "Static.").Inc();
        await using var app = await StartAsync(_ => { });

        var text = await GetAsync(app, "/metrics");

        Assert.Contains("\nstatic_counter_of_the_host_tests 1\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE process_cpu_seconds_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_collection_count_total{generation=\"0\"} ", text, StringComparison.Ordinal);
        Assert.Contains("prometheus_net_metric_families{metric_type=\"gauge\"} ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/json", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("application/openmetrics-text; version=9.9.9", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
        "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("application/openmetrics-text;q=0.1,text/plain;q=0.9", "text/plain; version=0.0.4; charset=utf-8")]
    public async Task The_format_is_the_one_that_the_scraper_prefers(string accept, string contentType)
    {
        await using var app = await StartAsync(_ => { });
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Urls.First() + "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(contentType.StartsWith("application", StringComparison.Ordinal), text.EndsWith("# EOF\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_request_counts_as_a_server_error_and_a_scrape_does_not_count()
    {
        await using var app = await StartAsync(app => app.MapGet("/fails", string () => throw new IOException("broken")));
        using var response = await Client.GetAsync(app.Urls.First() + "/fails", TestContext.Current.CancellationToken);
        await GetAsync(app, "/metrics");

        var text = await GetAsync(app, "/metrics?accept=application/openmetrics-text");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("http_requests_received_total{code=\"500\",method=\"GET\",controller=\"\",action=\"\",endpoint=\"/fails\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("http_requests_in_progress{method=\"GET\",controller=\"\",action=\"\",endpoint=\"/fails\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http_requests_received_total{code=\"200\"", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_can_be_added_and_status_codes_reduced()
    {
        var registry = Metrics.NewCustomRegistry();
        await using var app = await StartAsync(
            app => app.MapGet("/cart/{id}", (string id) => id),
            measure: options =>
            {
                options.ReduceStatusCodeCardinality();
                options.AddRouteParameter("id");
                options.AddCustomLabel("tenant", context => context.Request.Headers["tenant"].ToString());
                options.InProgress.Enabled = false;
                options.ConfigureMeasurements(measurement => measurement.Registry = registry);
            });
        await GetAsync(app, "/cart/7");

        var text = await registry.TextAsync();

        Assert.Contains(
            "http_requests_received_total{code=\"2xx\",method=\"GET\",controller=\"\",action=\"\",endpoint=\"/cart/{id}\",id=\"7\",tenant=\"\"} 1\n",
            text, StringComparison.Ordinal);
        Assert.DoesNotContain("http_requests_in_progress", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_server_may_listen_on_a_port_of_its_own()
    {
        var registry = Metrics.NewCustomRegistry();
        Metrics.WithCustomRegistry(registry).CreateGauge("alone", "").Set(3);
        await using var app = await StartAsync(app => app.UseMetricServer(settings => settings.Registry = registry, "/own"));

        Assert.Equal("# HELP alone \n# TYPE alone gauge\nalone 3\n", await GetAsync(app, "/own"));
    }

    private static async Task<WebApplication> StartAsync(
        Action<WebApplication> map, Action<IServiceCollection>? add = null, Action<HttpMiddlewareExporterOptions>? measure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseRouting();
        if (measure is null)
            app.UseHttpMetrics();
        else
            app.UseHttpMetrics(measure);
        map(app);
        app.MapMetrics();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static Task<string> GetAsync(WebApplication app, string path) =>
        Client.GetStringAsync(app.Urls.First() + path, TestContext.Current.CancellationToken);
}

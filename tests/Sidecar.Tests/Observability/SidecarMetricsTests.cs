using DaprMesh.Sidecar.Observability;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Tests.Observability;

public sealed class SidecarMetricsTests
{
    [Fact]
    public async Task Calls_appear_under_daprds_names_and_labels()
    {
        var metrics = New(new MetricsSpec { RecordErrorCodes = true, IncreasedCardinality = false, PathMatching = ["/v1.0/state/orders"] });
        metrics.HttpServer("POST", "/v1.0/state/orders", 204, 3, 23, 0);
        metrics.HttpServer("GET", "/v1.0/state/orders/k", 200, 1, 0, 1);
        metrics.HttpServer("GET", "/v1.0/state/nope/k", 400, 1, 0, 200);
        metrics.HttpServer("GET", "/v1.0/healthz", 204, 1, 0, 0);
        metrics.HttpClient("GET", "/dapr/config", 404, 1, 0, 0);
        metrics.HttpClient("GET", "/dapr/subscribe", 200, 1, 0, 60);
        metrics.HttpClient("GET", "/hello", 200, 1, 0, 2);
        metrics.HttpClient("POST", "/orders", 200, 1, 100, 0);
        metrics.State("orders", "set", success: true, 0.4);
        metrics.State("orders", "get", success: true, 0.2);
        metrics.PubSubEgress("bus", "orders", success: true, 0.4);
        metrics.PubSubIngress("bus", "orders", "success", "", 2);
        metrics.ErrorCode("state", "ERR_STATE_STORE_NOT_FOUND");
        metrics.ComponentLoaded();
        metrics.ComponentInitialized("state.in-memory");

        var lines = await metrics.LinesAsync();

        string[] expected =
        [
            "dapr_component_pubsub_egress_count{app_id=\"checkout\",component=\"bus\",namespace=\"\",success=\"true\",topic=\"orders\"} 1",
            "dapr_component_pubsub_ingress_count{app_id=\"checkout\",component=\"bus\",namespace=\"\",process_status=\"success\",status=\"success\",topic=\"orders\"} 1",
            "dapr_component_state_count{app_id=\"checkout\",component=\"orders\",namespace=\"\",operation=\"get\",success=\"true\"} 1",
            "dapr_component_state_count{app_id=\"checkout\",component=\"orders\",namespace=\"\",operation=\"set\",success=\"true\"} 1",
            "dapr_error_code_total{app_id=\"checkout\",category=\"state\",error_code=\"ERR_STATE_STORE_NOT_FOUND\"} 1",
            "dapr_http_client_completed_count{app_id=\"checkout\",method=\"GET\",path=\"\",status=\"200\"} 2",
            "dapr_http_client_completed_count{app_id=\"checkout\",method=\"GET\",path=\"/dapr/config\",status=\"404\"} 1",
            "dapr_http_client_completed_count{app_id=\"checkout\",method=\"POST\",path=\"\",status=\"200\"} 1",
            "dapr_http_server_request_count{app_id=\"checkout\",method=\"GET\",path=\"\",status=\"204\"} 1",
            "dapr_http_server_request_count{app_id=\"checkout\",method=\"GET\",path=\"\",status=\"400\"} 1",
            "dapr_http_server_request_count{app_id=\"checkout\",method=\"GET\",path=\"/v1.0/state/orders\",status=\"200\"} 1",
            "dapr_http_server_request_count{app_id=\"checkout\",method=\"POST\",path=\"/v1.0/state/orders\",status=\"204\"} 1",
            "dapr_http_client_sent_bytes_count{app_id=\"checkout\",method=\"POST\",path=\"\",status=\"\"} 1",
            "dapr_http_client_received_bytes_bucket{app_id=\"checkout\",le=\"1024\"} 4",
            "dapr_http_server_request_bytes_count{app_id=\"checkout\"} 4",
            "dapr_runtime_component_loaded{app_id=\"checkout\"} 1",
            "dapr_runtime_component_init_total{app_id=\"checkout\",component=\"state.in-memory\"} 1",
        ];
        Assert.All(expected, line => Assert.Contains(line, lines));
    }

    [Fact]
    public async Task The_families_after_a_few_calls_are_those_of_daprd()
    {
        var metrics = New(new MetricsSpec { RecordErrorCodes = true, IncreasedCardinality = false });
        metrics.HttpServer("GET", "/v1.0/healthz", 204, 1, 0, 0);
        metrics.HttpClient("GET", "/dapr/config", 404, 1, 0, 0);
        metrics.State("orders", "set", success: true, 0.4);
        metrics.PubSubEgress("bus", "orders", success: true, 0.4);
        metrics.PubSubIngress("bus", "orders", "success", "", 2);
        metrics.ErrorCode("state", "ERR_STATE_STORE_NOT_FOUND");
        metrics.ComponentLoaded();
        metrics.ComponentInitialized("state.in-memory");

        var types = (await metrics.LinesAsync())
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line["# TYPE ".Length..])
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "dapr_component_pubsub_egress_count counter",
                "dapr_component_pubsub_egress_latencies histogram",
                "dapr_component_pubsub_ingress_count counter",
                "dapr_component_pubsub_ingress_latencies histogram",
                "dapr_component_state_count counter",
                "dapr_component_state_latencies histogram",
                "dapr_error_code_total counter",
                "dapr_http_client_completed_count counter",
                "dapr_http_client_received_bytes histogram",
                "dapr_http_client_roundtrip_latency histogram",
                "dapr_http_client_sent_bytes histogram",
                "dapr_http_server_latency histogram",
                "dapr_http_server_request_bytes histogram",
                "dapr_http_server_request_count counter",
                "dapr_http_server_response_bytes histogram",
                "dapr_runtime_component_init_total counter",
                "dapr_runtime_component_loaded counter",
            ],
            types);
    }

    [Theory]
    [InlineData(true, "/v1.0/state/orders/k-17", "/v1.0/state/orders")]
    [InlineData(true, "/v1.0/secrets/vault/key", "/v1.0/secrets/vault")]
    [InlineData(true, "/v1.0/actors/Cart/c1/method/add", "/v1.0/actors/Cart/{id}/method")]
    [InlineData(true, "/v1.0/invoke/cart/method/items/7", "/v1.0/invoke/cart/method/items/7")]
    [InlineData(true, "/v1.0/healthz", "/v1.0/healthz")]
    [InlineData(true, "//v1.0/state/orders/k", "/v1.0/state/orders")]
    [InlineData(false, "/v1.0/state/orders/k-17", "")]
    public async Task The_path_label_has_no_ids_and_is_empty_where_cardinality_must_stay_low(bool increased, string path, string label)
    {
        var metrics = New(new MetricsSpec { IncreasedCardinality = increased });
        metrics.HttpServer("GET", path, 200, 1, 0, 0);

        Assert.Contains($"dapr_http_server_request_count{{app_id=\"checkout\",method=\"GET\",path=\"{label}\",status=\"200\"}} 1", await metrics.LinesAsync());
    }

    [Fact]
    public async Task Answers_are_counted_on_their_own_only_with_increased_cardinality()
    {
        var metrics = New(new MetricsSpec());
        metrics.HttpServer("GET", "/v1.0/healthz", 204, 1, 0, 0);
        Assert.Contains("dapr_http_server_response_count{app_id=\"checkout\",method=\"GET\",path=\"/v1.0/healthz\",status=\"204\"} 1", await metrics.LinesAsync());

        var low = New(new MetricsSpec { IncreasedCardinality = false });
        low.HttpServer("GET", "/v1.0/healthz", 204, 1, 0, 0);
        Assert.DoesNotContain("response_count", await low.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1.0/invoke/myapp/method/orders/1111", "/v1.0/invoke/myapp/method/orders/{orderID}", "/v1.0/invoke/myapp/method/orders/{orderID}")]
    [InlineData("/v1.0/invoke/myapp/method/orders/1234", "/v1.0/invoke/myapp/method/orders/1234", "/v1.0/invoke/myapp/method/orders/1234")]
    [InlineData("//v1.0/invoke/myapp/method/orders/9999", "/v1.0/invoke/myapp/method/orders/{orderID}", "/v1.0/invoke/myapp/method/orders/{orderID}")]
    [InlineData("/v1.0/invoke/myapp/method/items/1234", "", "/v1.0/invoke/myapp/method/items/1234")]
    [InlineData("/v1.0/invoke/other/method/basket/3/lines", "/v1.0/invoke/{app_id}/method/basket/", "/v1.0/invoke/{app_id}/method/basket/")]
    [InlineData("/v1.0/state/mystore/foo", "/v1.0/state/mystore/{key}", "/v1.0/state/mystore/{key}")]
    public async Task Path_matching_takes_the_most_specific_pattern(string path, string low, string high)
    {
        var spec = new MetricsSpec
        {
            IncreasedCardinality = false,
            PathMatching =
            [
                "/v1.0/invoke/myapp/method/orders/{orderID}", "/v1.0/invoke/myapp/method/orders/1234", "/v1.0/invoke/myapp/method/orders",
                "/v1.0/state/mystore/{key}", "/basket/",
            ],
        };
        foreach (var (metrics, label) in new[] { (New(spec), low), (New(spec with { IncreasedCardinality = true }), high) })
        {
            metrics.HttpServer("GET", path, 200, 1, 0, 0);
            Assert.Contains($"dapr_http_server_request_count{{app_id=\"checkout\",method=\"GET\",path=\"{label}\",status=\"200\"}} 1", await metrics.LinesAsync());
        }
    }

    [Fact]
    public async Task Verbs_can_be_left_out_and_unknown_ones_are_named_so()
    {
        var without = New(new MetricsSpec { ExcludeVerbs = true });
        without.HttpServer("GET", "/v1.0/metadata", 200, 1, 0, 0);
        Assert.Contains("dapr_http_server_request_count{app_id=\"checkout\",method=\"\",path=\"/v1.0/metadata\",status=\"200\"} 1", await without.LinesAsync());

        var metrics = New(new MetricsSpec());
        metrics.HttpServer("BREW", "/v1.0/metadata", 200, 1, 0, 0);
        Assert.Contains("dapr_http_server_request_count{app_id=\"checkout\",method=\"UNKNOWN\",path=\"/v1.0/metadata\",status=\"200\"} 1", await metrics.LinesAsync());
    }

    [Fact]
    public async Task Latency_buckets_are_daprds_unless_the_configuration_names_others()
    {
        var usual = New(new MetricsSpec());
        usual.HealthProbe(200, 3);
        var lines = await usual.LinesAsync();
        Assert.Equal(35, lines.Count(line => line.StartsWith("dapr_http_healthprobes_roundtrip_latency_bucket{", StringComparison.Ordinal)));
        Assert.Contains("dapr_http_healthprobes_roundtrip_latency_bucket{app_id=\"checkout\",status=\"200\",le=\"100000\"} 1", lines);

        var own = New(new MetricsSpec { LatencyDistributionBuckets = [5, 50] });
        own.HealthProbe(200, 7);
        Assert.Contains("latency_bucket{app_id=\"checkout\",status=\"200\",le=\"5\"} 0\n", await own.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("latency_bucket{app_id=\"checkout\",status=\"200\",le=\"50\"} 1\n", await own.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dapr_http_server_request_count")]
    [InlineData("http/server/request_count")]
    public async Task Rules_rewrite_labels(string name)
    {
        var regex = new Dictionary<string, string> { ["/orders/{id}"] = "/orders/[0-9]+" };
        var metrics = New(new MetricsSpec { Rules = [new MetricRule(name, [new MetricLabelRule("path", regex)])] });
        metrics.HttpServer("GET", "/v1.0/invoke/cart/method/orders/17", 200, 1, 0, 0);
        metrics.HttpServer("GET", "/v1.0/invoke/cart/method/orders/18", 200, 1, 0, 0);

        var lines = await metrics.LinesAsync();

        Assert.Contains("dapr_http_server_request_count{app_id=\"checkout\",method=\"GET\",path=\"/v1.0/invoke/cart/method/orders/{id}\",status=\"200\"} 2", lines);
        Assert.Contains("dapr_http_server_latency_count{app_id=\"checkout\",method=\"GET\",path=\"/v1.0/invoke/cart/method/orders/17\",status=\"200\"} 1", lines);
    }

    [Fact]
    public void A_rule_that_is_no_regular_expression_is_refused_by_name()
    {
        var regex = new Dictionary<string, string> { ["x"] = "(" };
        var failure = Assert.Throws<ArgumentException>(
            () => New(new MetricsSpec { Rules = [new MetricRule("dapr_http_server_latency", [new MetricLabelRule("path", regex)])] }));
        Assert.StartsWith("failed to compile regex for rule dapr_http_server_latency/path", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circuit_breaker_is_one_of_its_states_at_a_time()
    {
        var metrics = New(new MetricsSpec());
        metrics.ResiliencyCount("policies", "circuitbreaker", "outbound", "app_cart", "closed", activated: false);
        metrics.ResiliencyCount("policies", "circuitbreaker", "outbound", "app_cart", "open", activated: true);
        metrics.ResiliencyCount("policies", "circuitbreaker", "outbound", "app_cart", "open", activated: false);

        var lines = await metrics.LinesAsync();

        const string Labels = "app_id=\"checkout\",flow_direction=\"outbound\",name=\"policies\",namespace=\"\",policy=\"circuitbreaker\"";
        Assert.Contains($"dapr_resiliency_cb_state{{{Labels},status=\"closed\",target=\"app_cart\"}} 0", lines);
        Assert.Contains($"dapr_resiliency_cb_state{{{Labels},status=\"open\",target=\"app_cart\"}} 1", lines);
        Assert.Contains($"dapr_resiliency_count{{{Labels},status=\"open\",target=\"app_cart\"}} 1", lines);
        Assert.Contains($"dapr_resiliency_activations_total{{{Labels},status=\"open\",target=\"app_cart\"}} 1", lines);
    }

    [Fact]
    public async Task Nothing_is_recorded_when_metrics_are_off_nor_error_codes_unless_wanted()
    {
        var off = New(new MetricsSpec { Enabled = false, RecordErrorCodes = true });
        off.State("orders", "get", success: true, 1);
        off.ErrorCode("state", "ERR");
        Assert.Equal("", await off.TextAsync());

        var metrics = New(new MetricsSpec());
        metrics.ErrorCode("state", "ERR");
        Assert.Equal("", await metrics.TextAsync());
    }

    [Fact]
    public void Counting_a_request_whose_path_is_not_shown_allocates_nothing()
    {
        var metrics = New(new MetricsSpec { IncreasedCardinality = false });
        Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Record();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Record()
        {
            metrics.HttpServer("GET", "/v1.0/state/orders/k", 200, 1, 0, 0);
            metrics.HttpClient("GET", "/orders", 200, 1, 0, 0);
            metrics.State("orders", "get", success: true, 1);
        }
    }

    private static SidecarMetrics New(MetricsSpec spec) => new(spec, "checkout", "");
}

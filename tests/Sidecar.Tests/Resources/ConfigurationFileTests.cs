using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Tests.Resources;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly ResourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_everything_has_its_default()
    {
        var configuration = _folder.Load().Configuration;

        Assert.Null(configuration.AccessControl);
        Assert.True(configuration.Metrics.Enabled);
        Assert.True(configuration.IsEnabled("HotReload"));
        Assert.Null(configuration.Tracing.SamplingRate);
    }

    [Fact]
    public void A_later_file_is_laid_over_an_earlier_one()
    {
        var first = _folder.Add("names.conf", "spec:\n  nameResolution: { component: sqlite, configuration: { connectionString: a.db } }\n  tracing: { stdout: true }\n  features: [ { name: One, enabled: true } ]\n");
        var second = _folder.Add("second.conf", "spec:\n  tracing: { samplingRate: 0.5 }\n  features: [ { name: Two, enabled: true }, { name: HotReload, enabled: false } ]\n");

        var configuration = _folder.Load(configs: [first, second]).Configuration;

        Assert.Equal("a.db", (string?)configuration.NameResolution!.Configuration!["connectionString"]);
        Assert.True(configuration.Tracing.Stdout);
        Assert.Equal(0.5, configuration.Tracing.SamplingRate);
        Assert.True(configuration.IsEnabled("Two"));
        Assert.False(configuration.IsEnabled("One"));
        Assert.False(configuration.IsEnabled("HotReload"));
    }

    [Fact]
    public void Variables_are_expanded()
    {
        var file = _folder.Add("env.conf", "metadata: { name: \"$NAME-${SPACE}-$UNSET-${UNSET}\" }\n");

        var environment = new Dictionary<string, string> { ["NAME"] = "shop", ["SPACE"] = "eu" };

        Assert.Equal("shop-eu--", _folder.Load(environment: environment, configs: file).Configuration.Name);
    }

    [Fact]
    public void Metrics_win_over_their_older_name_field_by_field()
    {
        var file = _folder.Add("metrics.conf", """
            spec:
              metric: { enabled: false, recordErrorCodes: true, latencyDistributionBuckets: [1, 2] }
              metrics:
                enabled: true
                http: { increasedCardinality: false, pathMatching: [ /orders ] }
                rules: [ { name: dapr_x, labels: [ { name: method, regex: { "orders/": "orders/.+" } } ] } ]
            """);

        var metrics = _folder.Load(configs: file).Configuration.Metrics;

        Assert.True(metrics.Enabled);
        Assert.True(metrics.RecordErrorCodes);
        Assert.False(metrics.IncreasedCardinality);
        Assert.Equal(["/orders"], metrics.PathMatching);
        Assert.Equal([1.0, 2.0], metrics.LatencyDistributionBuckets);
        Assert.Equal("orders/.+", metrics.Rules[0].Labels[0].Regex["orders/"]);
    }

    [Fact]
    public void Access_control_needs_app_id_trust_domain_and_namespace()
    {
        var file = _folder.Add("access.conf", "spec:\n  accessControl:\n    policies:\n      - { appId: a, namespace: default }\n      - { appId: b, trustDomain: public }\n");

        var error = Assert.Throws<ResourceException>(() => _folder.Load(configs: file));

        Assert.Equal(
            "invalid access control spec. missing trustdomain for apps: [a], missing namespace for apps: [b], missing app name on at least one of the app policies: false",
            error.Message);
    }

    [Theory]
    [InlineData("spec:\n  tracing:\n    stdout: maybe\n", ":3: spec.tracing.stdout: expected true or false, found \"maybe\"")]
    [InlineData("spec: [\n", ":")]
    [InlineData("spec:\n  secrets:\n    scopes:\n      - storeName: s\n      - storeName: s\n", ":5: spec.secrets.scopes[1].storeName: s storeName is repeated in secrets configuration")]
    [InlineData("spec:\n  secrets: { scopes: [ { storeName: s, defaultAccess: perhaps } ] }\n", "defaultAccess perhaps can be either allow or deny")]
    public void What_makes_no_sense_is_told_with_file_line_and_field(string text, string expected)
    {
        var file = _folder.Add("bad.conf", text);

        var error = Assert.Throws<ResourceException>(() => _folder.Load(configs: file));

        Assert.StartsWith($"error loading configuration: {file}:", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_told()
    {
        var error = Assert.Throws<ResourceException>(() => _folder.Load(configs: "/nowhere/config.yaml"));

        Assert.Equal("error loading configuration: stat /nowhere/config.yaml: no such file or directory", error.Message);
    }

    [Fact]
    public void The_standard_variables_of_opentelemetry_count_when_no_endpoint_is_configured()
    {
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "key=a%20b",
            ["OTEL_EXPORTER_OTLP_INSECURE"] = "true",
        };

        var tracing = _folder.Load(environment: environment).Configuration.Tracing;

        Assert.Equal(1, tracing.SamplingRate);
        Assert.Equal("collector:4318", tracing.Otel!.EndpointAddress);
        Assert.Equal("http", tracing.Otel.Protocol);
        Assert.False(tracing.Otel.IsSecure);
        Assert.Equal("a b", tracing.Otel.Headers["key"]);
    }
}

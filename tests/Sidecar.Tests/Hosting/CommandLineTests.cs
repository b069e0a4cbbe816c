using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Tests.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Without_flags_everything_has_daprds_default()
    {
        var options = Parse();

        Assert.Equal(3500, options.DaprHttpPort);
        Assert.Equal(50001, options.DaprGrpcPort);
        Assert.Null(options.DaprPublicPort);
        Assert.Equal(4 << 20, options.MaxBodySize);
        Assert.Equal(4 << 10, options.ReadBufferSize);
        Assert.Equal("http", options.AppProtocol);
        Assert.Equal(TimeSpan.FromSeconds(5), options.GracefulShutdown);
        Assert.Null(options.BlockShutdown);
        Assert.True(options.EnableMetrics);
        Assert.Empty(options.ResourcesPaths);
    }

    [Fact]
    public void Flags_come_with_one_dash_or_two_and_with_or_without_an_equals_sign()
    {
        var options = Parse("--app-port=3000", "-dapr-http-port", "3600", "--log-level", "debug", "--enable-app-health-check", "-enable-metrics=false", "stray");

        Assert.Equal(3000, options.AppPort);
        Assert.Equal(3600, options.DaprHttpPort);
        Assert.Equal("debug", options.LogLevel);
        Assert.True(options.EnableAppHealthCheck);
        Assert.False(options.EnableMetrics);
    }

    [Fact]
    public void Lists_are_repeated_or_separated_by_commas()
    {
        var options = Parse("--resources-path=a,b", "--resources-path", "\"c,d\"", "--config=x.yaml", "--scheduler-host-address=h:1,h:2", "--dapr-listen-addresses=127.0.0.1,::1");

        Assert.Equal(["a", "b", "c,d"], options.ResourcesPaths);
        Assert.Equal(["x.yaml"], options.ConfigFiles);
        Assert.Equal("h:1,h:2", options.SchedulerHostAddress);
        Assert.Equal(["127.0.0.1", "::1"], options.DaprListenAddresses);
    }

    [Fact]
    public void The_older_names_still_work()
    {
        var options = Parse("--components-path=old", "--app-ssl", "--dapr-http-max-request-size=8", "--dapr-http-read-buffer-size=16");

        Assert.Equal(["old"], options.ResourcesPaths);
        Assert.Equal("https", options.AppProtocol);
        Assert.Equal(8 << 20, options.MaxBodySize);
        Assert.Equal(16 << 10, options.ReadBufferSize);
    }

    [Theory]
    [InlineData("16Mi", 16L << 20)]
    [InlineData("1.5Ki", 1536)]
    [InlineData("2M", 2_000_000)]
    [InlineData("1e6", 1_000_000)]
    [InlineData("0", 0)]
    [InlineData("-1", 4L << 20)]
    public void Sizes_are_kubernetes_quantities(string text, long bytes) => Assert.Equal(bytes, Parse($"--max-body-size={text}").MaxBodySize);

    [Fact]
    public void What_means_nothing_here_is_taken_and_ignored() =>
        Parse("--mode=standalone", "--enable-mtls=false", "--sentry-address=x", "--unix-domain-socket=/tmp", "--profile-port=7777", "--scheduler-job-streams=3");

    [Theory]
    [InlineData("--nonsense", "unknown flag: --nonsense")]
    [InlineData("-x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("--app-max-concurrency=many", "invalid argument \"many\" for \"--app-max-concurrency\" flag: strconv.ParseInt: parsing \"many\": invalid syntax")]
    [InlineData("--enable-metrics=perhaps", "invalid argument \"perhaps\" for \"--enable-metrics\" flag: strconv.ParseBool: parsing \"perhaps\": invalid syntax")]
    [InlineData("--dapr-block-shutdown-duration=soon", "invalid argument \"soon\" for \"--dapr-block-shutdown-duration\" flag: time: invalid duration \"soon\"")]
    [InlineData("--log-level", "flag needs an argument: --log-level")]
    public void What_daprd_would_not_take_is_refused_with_the_usage(string flag, string problem)
    {
        var exit = Assert.Throws<CommandLineException>(() => Parse(flag));

        Assert.Equal(2, exit.ExitCode);
        Assert.StartsWith(problem + "\nUsage of daprd:\n", exit.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "Usage of daprd:")]
    [InlineData("--version", "1.18.")]
    [InlineData("--build-info", "Version: 1.18.")]
    public void Help_and_version_end_well(string flag, string text)
    {
        var exit = Assert.Throws<CommandLineException>(() => Parse(flag));

        Assert.Equal(0, exit.ExitCode);
        Assert.StartsWith(text, exit.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parameter app-id cannot be empty", "--app-id=")]
    [InlineData("parameter app-id cannot contain dots", "--app-id=a.b")]
    [InlineData("the 'dapr-http-port' argument value 3000 conflicts with 'app-port'", "--app-port=3000", "--dapr-http-port=3000")]
    [InlineData("invalid value for 'app-protocol': smoke", "--app-protocol=smoke")]
    [InlineData("invalid value for 'disable-init-endpoints': all", "--disable-init-endpoints=config,all")]
    [InlineData("value for 'health-probe-timeout' must be smaller than 'health-probe-interval'", "--app-health-probe-timeout=6000")]
    public void Values_that_make_no_sense_keep_the_sidecar_from_starting(string reason, params string[] flags) =>
        Assert.Equal(reason, Assert.Throws<SidecarStartException>(() => Parse(flags)).Message);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("''")]
    [InlineData("'  '")]
    [InlineData("\"\"")]
    public void An_address_of_nothing_but_quotes_and_spaces_is_none(string address)
    {
        var options = Parse($"--placement-host-address={address}", $"--scheduler-host-address={address}");

        Assert.Null(options.PlacementHostAddress);
        Assert.Null(options.SchedulerHostAddress);
    }

    [Fact]
    public void Tokens_and_namespace_come_from_the_environment()
    {
        var environment = new Dictionary<string, string> { ["DAPR_API_TOKEN"] = "a", ["APP_API_TOKEN"] = "", ["NAMESPACE"] = "shop", ["OTHER"] = "x" };

        var options = CommandLine.Parse(["--app-id=app"], environment);

        Assert.Equal("a", options.DaprApiToken);
        Assert.Null(options.AppApiToken);
        Assert.Equal("shop", options.Namespace);
        Assert.Equal("x", options.Environment["OTHER"]);
    }

    private static SidecarOptions Parse(params string[] flags) => CommandLine.Parse(["--app-id=app", .. flags], new Dictionary<string, string>());
}

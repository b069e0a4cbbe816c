using System.Diagnostics;
using System.Text;
using DaprMesh.Sidecar.Observability;
using DaprMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.Observability;

public sealed class SidecarTracingTests
{
    private const string Sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private const string Unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    [Fact]
    public async Task A_request_without_trace_context_starts_a_trace()
    {
        await using var tracing = New(1);
        var span = tracing.StartServer(Request(), "/v1.0/metadata");

        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", span?.Id);
        Assert.Equal(default, span!.ParentSpanId);
    }

    [Theory]
    [InlineData(Sampled, "01")]
    [InlineData(Unsampled, "00")]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", "01")]
    public async Task A_request_with_a_parent_continues_its_trace_and_its_sampling(string traceParent, string flags)
    {
        await using var tracing = New(0.5);
        var span = tracing.StartServer(Request(("traceparent", traceParent)), "/v1.0/metadata");

        Assert.Matches($"^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{{16}}-{flags}$", span?.Id);
        Assert.Equal("00f067aa0ba902b7", span!.ParentSpanId.ToHexString());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01")]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-x1")]
    public async Task A_malformed_parent_is_no_parent(string traceParent)
    {
        await using var tracing = New(1);
        var span = tracing.StartServer(Request(("traceparent", traceParent)), "/v1.0/metadata");

        Assert.NotNull(span);
        Assert.Equal(default, span.ParentSpanId);
        Assert.NotEqual("4bf92f3577b34da6a3ce929d0e0e4736", span.TraceId.ToHexString());
    }

    [Theory]
    [InlineData("shop=1,other=2", "shop=1,other=2")]
    [InlineData("", null)]
    [InlineData("shop", null)]
    [InlineData("Shop=1", null)]
    [InlineData("shop=1,shop=2", null)]
    public async Task The_trace_state_goes_on_when_it_is_well_formed(string traceState, string? kept)
    {
        await using var tracing = New(1);
        var span = tracing.StartServer(Request(("traceparent", Sampled), ("tracestate", traceState)), "/v1.0/metadata");

        Assert.Equal(kept, span?.TraceStateString);
    }

    [Fact]
    public async Task A_trace_state_above_512_bytes_is_dropped()
    {
        await using var tracing = New(1);
        var state = string.Join(',', Enumerable.Range(0, 10).Select(n => $"k{n}={new string('x', 60)}"));
        Assert.Null(tracing.StartServer(Request(("traceparent", Sampled), ("tracestate", state)), "/v1.0/metadata")?.TraceStateString);
    }

    [Fact]
    public async Task Sampling_rate_0_turns_tracing_off()
    {
        await using var off = New(0);
        Assert.False(off.IsOn);
        Assert.Null(off.StartServer(Request(("traceparent", Sampled)), "/v1.0/metadata"));
        Assert.Null(off.StartConsumer("pubsub/orders", Sampled, null));
        Assert.False(await off.RefusesAsync(Request(("baggage", "=,;x"))));
    }

    [Fact]
    public async Task Without_rate_and_exporter_there_are_no_spans_but_baggage_is_still_checked()
    {
        await using var usual = New(null);

        Assert.True(usual.IsOn);
        Assert.Null(usual.StartServer(Request(("traceparent", Sampled)), "/v1.0/metadata"));
        var http = Request(("baggage", "invalid-baggage"));
        http.Response.Body = Stream.Null;
        Assert.True(await usual.RefusesAsync(http));
    }

    [Fact]
    public async Task About_as_many_new_traces_are_sampled_as_the_rate_says()
    {
        await using var tracing = New(0.25);
        var sampled = Enumerable.Range(0, 4_000).Count(_ => tracing.StartConsumer("pubsub/orders", null, null) is { Recorded: true });

        Assert.InRange(sampled, 800, 1_200);
    }

    [Fact]
    public async Task Spans_stay_out_of_the_flow_of_the_app()
    {
        await using var tracing = New(1);
        using var ofTheApp = new Activity("app").SetIdFormat(ActivityIdFormat.W3C).Start();

        var span = tracing.StartServer(Request(), "/v1.0/metadata");
        Assert.Same(ofTheApp, Activity.Current);
        Assert.NotEqual(ofTheApp.TraceId, span?.TraceId);

        tracing.End(span, 200);
        Assert.Same(ofTheApp, Activity.Current);
    }

    [Fact]
    public async Task A_child_belongs_to_the_trace_of_its_parent()
    {
        await using var tracing = New(1);
        var parent = tracing.StartConsumer("pubsub/orders", Sampled, "shop=1");
        var child = tracing.StartChild(parent, "/v1.0/publish/bulk/bus/orders", ActivityKind.Producer);

        Assert.Equal(parent?.SpanId, child?.ParentSpanId);
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", child?.TraceId.ToHexString());
        Assert.Equal("shop=1", child?.TraceStateString);
        Assert.Equal(ActivityKind.Producer, child?.Kind);
    }

    [Theory]
    [InlineData("user=alice,tier=gold;p=1", null)]
    [InlineData("key1=value1,key2=value2", null)]
    [InlineData("a = b ; p = q ; r", null)]
    [InlineData("name=J%C3%B6rg", null)]
    [InlineData("=,;x", "invalid key: \"\"\ninvalid baggage list-member: \";x\"")]
    [InlineData("invalid-baggage", "invalid baggage list-member: \"invalid-baggage\"")]
    [InlineData("a=b c", "invalid value: \"b c\"")]
    [InlineData("a=%zz", "invalid value: invalid URL escape \"%zz\"")]
    [InlineData("a=b;=", "invalid baggage list-member property: \"=\"")]
    public async Task Baggage_is_echoed_or_refused_with_what_is_wrong(string baggage, string? error)
    {
        await using var tracing = New(1);
        var http = Request(("baggage", baggage));
        using var body = new MemoryStream();
        http.Response.Body = body;

        Assert.Equal(error is not null, await tracing.RefusesAsync(http));

        if (error is null)
        {
            Assert.Equal(baggage, http.Response.Headers.Baggage);
            return;
        }

        Assert.Equal(400, http.Response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", http.Response.ContentType);
        Assert.Equal("nosniff", http.Response.Headers.XContentTypeOptions);
        Assert.Equal($"invalid baggage header: {error}\n", Encoding.UTF8.GetString(body.ToArray()));
    }

    private static SidecarTracing New(double? rate) => new(new TracingSpec(rate), "orders", NullLoggerFactory.Instance);

    private static DefaultHttpContext Request(params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        foreach (var (name, value) in headers)
        {
            http.Request.Headers[name] = value;
        }

        return http;
    }
}

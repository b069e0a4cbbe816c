using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using DaprMesh.Sidecar.InProcess;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Tests.InProcess;

/// <summary>The same host answers over a socket and by dispatch; what a client can see must be the same.</summary>
public sealed class DispatchTests : IAsyncLifetime
{
    private readonly DispatchTable _table = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _app = null!;
    private HttpClient _client = null!;
    private Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Services.Single(descriptor => descriptor.ServiceType == typeof(IServer));
        builder.Services.Remove(server);
        var port = new TaskCompletionSource<int>();
        builder.Services.AddSingleton<IServer>(services => new DispatchServer(
            (IServer)ActivatorUtilities.CreateInstance(services, server.ImplementationType!), _table, alias: 0, port.SetResult));
        builder.Services.AddHttpContextAccessor();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        Map(_app);
        await _app.StartAsync();
        _address = new Uri($"http://127.0.0.1:{await port.Task}");
        _client = new HttpClient(_table.AppHandler, disposeHandler: false) { BaseAddress = _address };
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        _client.Dispose();
        await _app.DisposeAsync();
        _table.Dispose();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Method_path_query_headers_and_body_arrive(bool dispatch)
    {
        _table.Enabled = dispatch;
        using var request = new HttpRequestMessage(HttpMethod.Put, "/echo/a%2Fb?x=1&y=%20") { Content = new StringContent("größer") };
        request.Headers.Add("X-Multi", ["a", "b"]);

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("yes", Assert.Single(response.Headers.GetValues("X-Answer")));
        Assert.Equal(
            "PUT /echo/a%2Fb ?x=1&y=%20 a|b text/plain; charset=utf-8 größer",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_path_with_a_null_character_is_a_bad_request(bool dispatch)
    {
        _table.Enabled = dispatch;

        using var response = await _client.GetAsync(new Uri("/echo/a%00b", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_answer_streams_while_it_is_written(bool dispatch)
    {
        _table.Enabled = dispatch;
        using var response = await _client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        Assert.Equal("one", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        _release.SetResult();
        Assert.Equal("two", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Null(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Theory, InlineData(true, "/early"), InlineData(true, "/early-elsewhere"), InlineData(false, "/early"), InlineData(false, "/early-elsewhere")]
    public async Task A_complete_answer_is_there_while_the_app_goes_on(bool dispatch, string path)
    {
        _table.Enabled = dispatch;
        using var response = await _client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal("early", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_large_answer_comes_whole(bool dispatch)
    {
        _table.Enabled = dispatch;
        var body = await _client.GetByteArrayAsync("/large", TestContext.Current.CancellationToken);
        Assert.Equal(5_000_000, body.Length);
        Assert.All(body, value => Assert.Equal((byte)'x', value));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_caller_that_gives_up_aborts_the_request(bool dispatch)
    {
        _table.Enabled = dispatch;
        using var cancel = new CancellationTokenSource();
        var call = _client.GetAsync("/hang", cancel.Token);
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _aborted.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_app_that_throws_answers_500_without_a_body(bool dispatch)
    {
        _table.Enabled = dispatch;
        using var response = await _client.GetAsync("/throws", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Json_goes_both_ways(bool dispatch)
    {
        _table.Enabled = dispatch;
        using var response = await _client.PostAsJsonAsync("/json", new Pair("a", 1), TestContext.Current.CancellationToken);
        Assert.Equal(new Pair("a", 2), await response.Content.ReadFromJsonAsync<Pair>(TestContext.Current.CancellationToken));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_callers_activity_goes_along_as_traceparent_only(bool dispatch)
    {
        _table.Enabled = dispatch;
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        var seen = await _client.GetStringAsync("/trace", TestContext.Current.CancellationToken);
        Assert.StartsWith($"00-{activity.TraceId}-", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_ambient_of_the_caller_is_seen_by_the_callee()
    {
        var local = new AsyncLocal<string> { Value = "the caller's" };
        _app.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = new DefaultHttpContext();
        Ambient = () => local.Value;
        Assert.Equal("nothing", await _client.GetStringAsync("/ambient", TestContext.Current.CancellationToken));
        Assert.Equal("the caller's", local.Value);
    }

    [Fact]
    public async Task A_host_that_stopped_is_reached_no_more()
    {
        Assert.True(_table.Knows(_address.Port));
        await _app.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(_table.Knows(_address.Port));
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync("/json", TestContext.Current.CancellationToken));
    }

    private Func<string?> Ambient { get; set; } = () => null;

    private void Map(WebApplication app)
    {
        app.MapPut("/echo/{**rest}", async (HttpContext http) =>
        {
            var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            http.Response.Headers["X-Answer"] = "yes";
            var target = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];
            await http.Response.WriteAsync(
                $"{http.Request.Method} {target} {http.Request.QueryString} {string.Join('|', Values(http))} {http.Request.ContentType} {body}");
        });
        app.MapGet("/stream", async (HttpContext http) =>
        {
            await http.Response.WriteAsync("one\n");
            await http.Response.Body.FlushAsync();
            await _release.Task;
            await http.Response.WriteAsync("two\n");
        });
        app.MapGet("/early", EarlyAsync);
        app.MapGet("/early-elsewhere", async (HttpContext http) =>
        {
            await Task.Yield();
            await EarlyAsync(http);
        });
        app.MapGet("/large", async (HttpContext http) =>
        {
            var piece = new byte[50_000];
            Array.Fill(piece, (byte)'x');
            for (var i = 0; i < 100; i++)
            {
                await http.Response.Body.WriteAsync(piece);
            }
        });
        app.MapGet("/hang", async (HttpContext http) =>
        {
            _entered.TrySetResult();
            using var registration = http.RequestAborted.Register(() => _aborted.TrySetResult());
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        });
        app.MapGet("/throws", IResult () => throw new InvalidOperationException("a bug of the app"));
        app.MapPost("/json", (Pair pair) => pair with { Number = pair.Number + 1 });
        app.MapGet("/trace", (HttpContext http) => http.Request.Headers.TraceParent.ToString());
        app.MapGet("/ambient", () => Ambient() ?? "nothing");
    }

    private async Task EarlyAsync(HttpContext http)
    {
        http.Response.ContentLength = 5;
        await http.Response.WriteAsync("early");
        await _release.Task;
    }

    private static IEnumerable<string> Values(HttpContext http) =>
        http.Request.Headers["X-Multi"].SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries));

    internal sealed record Pair(string Name, int Number);
}

using System.Collections.Concurrent;
using System.Text;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.Actors;

/// <summary>An app that hosts actors and takes jobs, with its sidecar. It notes what reaches it.</summary>
internal sealed class ActorApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private SidecarHost _sidecar = null!; // set by StartAsync before anyone sees the app

    private ActorApp(WebApplication app) => _app = app;

    /// <summary>Requests in the order in which they arrived, such as <c>PUT /actors/Cart/1/method/add</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What a call does before it is answered with 200; by default nothing.</summary>
    public Func<HttpContext, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    public static CancellationToken Ended => TestContext.Current.CancellationToken;

    public static async Task<ActorApp> StartAsync(
        SidecarRuntime runtime, string config = """{"entities":["Cart"]}""", string appId = "shop", string? store = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = new ActorApp(builder.Build());
        app._app.Run(http => app.AnswerAsync(http, config));
        await app._app.StartAsync(Ended);

        var resources = store is null ? [] : new[] { store };
        app._sidecar = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                AppId = appId,
                AppPort = new Uri(app._app.Urls.First()).Port,
                DaprHttpPort = 0,
                DaprListenAddresses = ["127.0.0.1"],
                EnableMetrics = false,
                PlacementHostAddress = "placement:1",
                SchedulerHostAddress = "scheduler:1",
                ResourcesPaths = resources,
            },
            runtime, NullLoggerFactory.Instance, Ended);
        await app._sidecar.Ready.WaitAsync(Ended);
        return app;
    }

    public async Task<(int Status, string Body)> SendAsync(string verb, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), $"http://127.0.0.1:{_sidecar.HttpPort}/v1.0/{path}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request, Ended);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Ended));
    }

    /// <summary>A nested call that carries its turn's id.</summary>
    public async Task<string> SendWithIdAsync(string path, string reentrancyId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_sidecar.HttpPort}/v1.0/{path}");
        request.Headers.Add("Dapr-Reentrancy-Id", reentrancyId);
        using var response = await _client.SendAsync(request, Ended);
        return await response.Content.ReadAsStringAsync(Ended);
    }

    public int Count(string call) => Calls.Count(known => known == call);

    /// <summary>Waits until the call has come that often.</summary>
    public Task UntilAsync(string call, int times = 1) => UntilAsync(() => Count(call) >= times);

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ended);
        }
    }

    public Task StopSidecarAsync() => _sidecar.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext http, string config)
    {
        if (http.Request.Path == "/dapr/config")
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(config, http.RequestAborted);
            return;
        }

        if (!http.Request.Path.StartsWithSegments("/actors", StringComparison.Ordinal) && !http.Request.Path.StartsWithSegments("/job", StringComparison.Ordinal))
        {
            http.Response.StatusCode = 404;
            return;
        }

        Calls.Enqueue($"{http.Request.Method} {http.Request.Path}");
        await OnCall(http);
    }
}

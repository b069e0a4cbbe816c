using System.Net;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.Hosting;

public sealed class SidecarHostTests
{
    [Fact]
    public async Task A_taken_port_is_named_when_the_sidecar_cannot_start()
    {
        await using var runtime = new SidecarRuntime(TimeProvider.System, null);
        await using var first = await StartAsync(runtime, "first");

        var failed = await Assert.ThrowsAsync<SidecarStartException>(() => SidecarHost.StartAsync(
            Options("second") with { DaprHttpPort = first.HttpPort }, runtime, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));

        Assert.Contains($"port {first.HttpPort} is in use", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_internal_port_answers_only_sidecars_that_know_its_secret()
    {
        await using var runtime = new SidecarRuntime(TimeProvider.System, null);
        await using var sidecar = await StartAsync(runtime, "guarded");
        using var client = new HttpClient();

        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{sidecar.InternalPort}/invoke/anything");
        request.Headers.Add("dapr-internal-secret", "guessed");
        request.Headers.Add("dapr-internal-caller", "admin");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Two_runtimes_that_share_a_folder_find_each_other()
    {
        using var folder = new TempFolder();
        await using var one = new SidecarRuntime(TimeProvider.System, folder.Path);
        await using var two = new SidecarRuntime(TimeProvider.System, folder.Path);
        await using var caller = await StartAsync(one, "caller");
        await using var callee = await StartAsync(two, "callee");
        using var client = new HttpClient();

        // The callee has no app, so its sidecar's own answer shows that it was reached.
        var answer = await (await client.GetAsync(
            new Uri($"http://127.0.0.1:{caller.HttpPort}/v1.0/invoke/callee/method/x"), TestContext.Current.CancellationToken))
            .Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            """{"errorCode":"ERR_DIRECT_INVOKE","message":"failed to invoke, id: callee, err: rpc error: code = Internal desc = app channel is not initialized"}""",
            answer);
    }

    [Fact]
    public async Task An_open_connection_does_not_hold_up_the_stop()
    {
        await using var runtime = new SidecarRuntime(TimeProvider.System, null);
        var sidecar = await StartAsync(runtime, "stopping");
        using var client = new HttpClient();
        await client.GetAsync(new Uri($"http://127.0.0.1:{sidecar.HttpPort}/v1.0/healthz"), TestContext.Current.CancellationToken);

        await sidecar.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(
            new Uri($"http://127.0.0.1:{sidecar.HttpPort}/v1.0/healthz"), TestContext.Current.CancellationToken));
    }

    private static SidecarOptions Options(string appId) => new()
    {
        AppId = appId,
        DaprHttpPort = 0,
        MetricsPort = 0,
        DaprListenAddresses = ["127.0.0.1"],
        MetricsListenAddress = "127.0.0.1",
    };

    private static Task<SidecarHost> StartAsync(SidecarRuntime runtime, string appId) =>
        SidecarHost.StartAsync(Options(appId), runtime, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
}

using System.Net;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DaprMesh.ServiceDefaults.Tests;

/// <summary>A service that is told to end, over sockets, as a cluster does it.</summary>
public sealed class EndTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_request_fails_when_a_service_ends_under_load()
    {
        await using var mesh = await Shop.StartAsync(
            shop => shop.Settings["Service__ShutdownDelay"] = "00:00:01",
            map: app => app.MapGet("/slow", async (TimeProvider clock, CancellationToken ct) => await Task.Delay(TimeSpan.FromMilliseconds(30), clock, ct)),
            mesh: plan => plan.UseTime(TimeProvider.System));
        var lifetime = mesh.Services("shop").GetRequiredService<IHostApplicationLifetime>();
        var (served, servedWhileEnding, failed, unready) = (0, 0, 0, 0);

        // As a load balancer would: new connections all the time, until the probe says no.
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                using var client = new HttpClient { BaseAddress = mesh.App("shop").BaseAddress };
                while (true)
                {
                    var isEnding = lifetime.ApplicationStopping.IsCancellationRequested;
                    using var answer = await client.GetAsync("slow", Ct);
                    Interlocked.Increment(ref answer.IsSuccessStatusCode ? ref served : ref failed);
                    if (isEnding)
                    {
                        Interlocked.Increment(ref servedWhileEnding);
                        using var ready = await client.GetAsync("healthz/ready", Ct);
                        using var live = await client.GetAsync("healthz/live", Ct);
                        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, live.StatusCode));
                        Assert.True(answer.Headers.ConnectionClose);
                        Interlocked.Increment(ref unready);
                        return;
                    }
                }
            },
            Ct)).ToList();

        await Eventually.TrueAsync(() => Volatile.Read(ref served) > 50, Ct);
        lifetime.StopApplication();
        await Task.WhenAll(load);

        Assert.Equal((0, 8, 8), (failed, servedWhileEnding, unready));
    }

    [Fact]
    public async Task A_request_under_way_is_finished_and_one_that_never_ends_is_cut_off()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var mesh = await Shop.StartAsync(
            shop => shop.Settings["Service__ShutdownTimeout"] = "00:00:02",
            map: app =>
            {
                app.MapGet("/long", async (CancellationToken ct) =>
                {
                    begun.SetResult();
                    await goOn.Task.WaitAsync(ct);
                    return "done";
                });
                app.MapGet("/endless", (CancellationToken ct) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct));
            },
            mesh: plan => plan.UseTime(TimeProvider.System));
        using var client = new HttpClient { BaseAddress = mesh.App("shop").BaseAddress };
        var finished = client.GetStringAsync("long", Ct);
        var endless = client.GetAsync("endless", Ct);
        await begun.Task.WaitAsync(Ct);
        var lifetime = mesh.Services("shop").GetRequiredService<IHostApplicationLifetime>();

        lifetime.StopApplication();
        await Eventually.TrueAsync(() => lifetime.ApplicationStopping.IsCancellationRequested, Ct);
        goOn.SetResult();

        Assert.Equal("done", await finished);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => endless);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DaprMesh.Gateway;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Services.Tests.Testing;

public sealed class MeshTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_pubsub_and_secrets_are_there_by_default()
    {
        await using var mesh = await Mesh.StartAsync(mesh => mesh.Sidecar("probe").Secret("colour", "blue"), Ct);

        var metadata = await mesh.Sidecar("probe").GetFromJsonAsync<JsonElement>("v1.0/metadata", Ct);

        Assert.Equal(
            ["pubsub", "secretstore", "statestore"],
            metadata.GetProperty("components").EnumerateArray().Select(component => component.GetProperty("name").GetString()).Order());
        var secret = await mesh.Sidecar("probe").GetFromJsonAsync<JsonElement>("v1.0/secrets/secretstore/colour", Ct);
        Assert.Equal("blue", secret.GetProperty("colour").GetString());
    }

    [Fact]
    public async Task A_component_given_as_text_takes_the_place_of_the_default()
    {
        await using var mesh = await Mesh.StartAsync(
            mesh => mesh.Sidecar("probe").Resource(
                """
                apiVersion: dapr.io/v1alpha1
                kind: Component
                metadata: { name: mystore }
                spec:
                  type: state.sqlite
                  version: v1
                  metadata: [ { name: connectionString, value: state.db } ]
                """),
            Ct);

        var metadata = await mesh.Sidecar("probe").GetFromJsonAsync<JsonElement>("v1.0/metadata", Ct);

        Assert.Equal(
            ["mystore", "pubsub", "secretstore"],
            metadata.GetProperty("components").EnumerateArray().Select(component => component.GetProperty("name").GetString()).Order());
    }

    [Fact]
    public async Task State_ends_when_its_time_to_live_has_passed_on_the_clock()
    {
        await using var mesh = await Mesh.StartAsync(mesh => mesh.Sidecar("probe"), Ct);
        await mesh.Sidecar("probe").PostAsJsonAsync(
            "v1.0/state/statestore", new object[] { new { key = "a", value = 1, metadata = new { ttlInSeconds = "3600" } } }, Ct);

        mesh.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("1", await mesh.Sidecar("probe").GetStringAsync("v1.0/state/statestore/a", Ct));

        mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.NoContent, (await mesh.Sidecar("probe").GetAsync("v1.0/state/statestore/a", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_job_comes_when_the_clock_says_so()
    {
        var calls = 0;
        await using var mesh = await Mesh.StartAsync(
            mesh => mesh.App("worker", app => app.MapPost("/job/report", () => Interlocked.Increment(ref calls))), Ct);
        var scheduled = await mesh.Sidecar("worker").PostAsJsonAsync("v1.0-alpha1/jobs/report", new { schedule = "@every 1h", repeats = 2 }, Ct);
        Assert.Equal(HttpStatusCode.NoContent, scheduled.StatusCode);

        mesh.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, Volatile.Read(ref calls));

        await Eventually.TrueAsync(() => Volatile.Read(ref calls) == 2, mesh.Clock, TimeSpan.FromMinutes(20), Ct);
    }

    [Fact]
    public async Task A_retry_waits_on_the_clock()
    {
        var calls = 0;
        await using var mesh = await Mesh.StartAsync(
            mesh => mesh
                .App("shaky", app => app.MapGet("/", () => Interlocked.Increment(ref calls) < 3
                    ? Microsoft.AspNetCore.Http.Results.StatusCode(503)
                    : Microsoft.AspNetCore.Http.Results.Text("done")))
                .Sidecar("probe")
                .Resource(
                    """
                    apiVersion: dapr.io/v1alpha1
                    kind: Resiliency
                    metadata: { name: retries }
                    spec:
                      policies:
                        retries:
                          slow: { policy: constant, duration: 10m, maxRetries: 5 }
                      targets:
                        apps:
                          shaky: { retry: slow }
                    """),
            Ct);

        var answer = mesh.Sidecar("probe").GetStringAsync("v1.0/invoke/shaky/method/", Ct);
        await Eventually.TrueAsync(() => answer.IsCompleted, mesh.Clock, TimeSpan.FromMinutes(1), Ct);

        Assert.Equal("done", await answer);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task The_clock_is_the_one_in_the_services_of_an_app()
    {
        await using var mesh = await Mesh.StartAsync(mesh => mesh.App<GatewayOptions>("gateway"), Ct);

        Assert.Same(mesh.Clock, mesh.Services("gateway").GetRequiredService<TimeProvider>());
    }

    [Fact]
    public async Task Meshes_run_side_by_side_with_the_same_names()
    {
        var meshes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Mesh.StartAsync(mesh => mesh.App<GatewayOptions>("gateway").Sidecar("probe"), Ct)));

        await Task.WhenAll(meshes.Select((mesh, number) =>
            mesh.Sidecar("probe").PostAsJsonAsync("v1.0/state/statestore", new object[] { new { key = "number", value = number } }, Ct)));
        var numbers = await Task.WhenAll(meshes.Select(mesh => mesh.Sidecar("probe").GetStringAsync("v1.0/state/statestore/number", Ct)));
        await Task.WhenAll(meshes.Select(mesh => mesh.DisposeAsync().AsTask()));

        Assert.Equal(["0", "1", "2", "3"], numbers);
    }

    [Fact]
    public async Task An_app_can_be_started_again_beside_its_sidecar()
    {
        await using var mesh = await Mesh.StartAsync(mesh => mesh.App("hello", app => app.MapGet("/hi", () => "hi")).Sidecar("probe"), Ct);

        await mesh.RestartAsync("hello", Ct);

        Assert.Equal("hi", await mesh.App("hello").GetStringAsync("hi", Ct));
        Assert.Equal("hi", await mesh.Sidecar("probe").GetStringAsync("v1.0/invoke/hello/method/hi", Ct));
    }

    [Fact]
    public async Task A_mesh_that_cannot_start_says_why()
    {
        var broken = await Assert.ThrowsAsync<MeshStartException>(() => Mesh.StartAsync(
            mesh => mesh.App("dead", _ => throw new InvalidOperationException("no licence")), Ct));
        var unknown = await Assert.ThrowsAsync<MeshStartException>(() => Mesh.StartAsync(
            mesh => mesh.Sidecar("probe").Resource("{ apiVersion: dapr.io/v1alpha1, kind: Component, metadata: { name: x }, spec: { type: state.nosuch, version: v1 } }"), Ct));

        Assert.Contains("no licence", broken.Message, StringComparison.Ordinal);
        Assert.Contains("state.nosuch", unknown.Message, StringComparison.Ordinal);
    }
}

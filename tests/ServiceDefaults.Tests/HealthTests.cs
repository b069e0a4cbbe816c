using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DaprMesh.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DaprMesh.ServiceDefaults.Tests;

public sealed class HealthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_with_its_sidecar_is_alive_and_ready()
    {
        await using var mesh = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await mesh.App("shop").GetAsync("healthz/live", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mesh.App("shop").GetAsync("healthz/ready", Ct)).StatusCode);
        var health = await mesh.App("shop").GetFromJsonAsync<JsonElement>("health", Ct);
        Assert.Equal("Healthy", health.GetProperty("status").GetString());
        Assert.Equal("shop", health.GetProperty("service").GetString());
        Assert.Equal("Healthy", health.GetProperty("checks").GetProperty("sidecar").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_failing_check_of_its_own_makes_a_service_unready_but_leaves_it_alive()
    {
        await using var mesh = await StartAsync(services => services
            .AddHealthChecks().AddCheck("database", () => HealthCheckResult.Unhealthy("The database does not answer.")));

        Assert.Equal(HttpStatusCode.OK, (await mesh.App("shop").GetAsync("healthz/live", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await mesh.App("shop").GetAsync("healthz/ready", Ct)).StatusCode);
        using var answer = await mesh.App("shop").GetAsync("health", Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var health = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal("The database does not answer.", health.GetProperty("checks").GetProperty("database").GetProperty("description").GetString());
    }

    private static Task<Mesh> StartAsync(Action<IServiceCollection>? services = null) => Mesh.StartAsync(
        mesh => mesh.App(
            "shop",
            builder =>
            {
                builder.AddServiceDefaults(new DefaultJsonTypeInfoResolver());
                services?.Invoke(builder.Services);
            },
            app => app.UseServiceDefaults()),
        Ct);
}

using Microsoft.AspNetCore.Builder;

namespace DaprMesh.ServiceDefaults.Tests;

public sealed class MetricsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_service_of_a_process_counts_its_own_requests()
    {
        await using var mesh = await Shop.StartAsync(
            mesh: plan => plan.App("other", builder => builder.AddServiceDefaults(ShopJson.Default), app => app.UseServiceDefaults().MapGet("/other-route", () => "")));
        await mesh.App("shop").GetAsync("orders/17", Ct);
        await mesh.App("other").GetAsync("other-route", Ct);

        var shop = await mesh.App("shop").GetStringAsync("metrics", Ct);
        var other = await mesh.App("other").GetStringAsync("metrics", Ct);

        Assert.Contains("http_requests_received_total{code=\"401\",method=\"GET\",controller=\"\",action=\"\",endpoint=\"/orders/{id}\"} 1", shop, StringComparison.Ordinal);
        Assert.DoesNotContain("other-route", shop, StringComparison.Ordinal);
        Assert.Contains("other-route", other, StringComparison.Ordinal);
        Assert.DoesNotContain("/orders", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_does_not_say_what_it_is()
    {
        await using var mesh = await Shop.StartAsync();
        using var socket = new HttpClient { BaseAddress = mesh.App("shop").BaseAddress };
        using var answer = await socket.GetAsync("healthz/live", Ct);

        Assert.Empty(answer.Headers.Server);
    }
}

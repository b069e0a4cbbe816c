using System.Reflection;
using System.Text.Json.Serialization;
using DaprMesh.Benchmarks.Load;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>A request from outside through the gateway to a service: with a token that both verify, without one, and past the gateway.</summary>
internal static class GatewayRequests
{
    private const int Rounds = 2;
    private static readonly byte[] Answer = """{"hello":"world"}"""u8.ToArray();

    /// <summary>Callers with a token each who take turns at caches that hold two tokens: every signature is checked, at both places.</summary>
    private const int ColdCallers = 8;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(CancellationToken ct)
    {
        await using var mesh = await StartAsync(cachedTokens: 20_000, ct);
        var gateway = mesh.App("gateway").BaseAddress!.Port; // the mesh gives every client an address
        var service = mesh.App("bench").BaseAddress!.Port;
        var sidecar = mesh.Sidecar("gateway").BaseAddress!.Port;
        var authorization = $"Authorization: Bearer {mesh.Authority.Token("usr_bench", Roles.Customer)}\r\n";

        var direct = new List<LoadResult>();
        var plain = new List<LoadResult>();
        var proxied = new List<LoadResult>();
        var authenticated = new List<LoadResult>();
        for (var round = 0; round < Rounds; round++)
        {
            direct.Add(await LoadProcess.RunAsync(new LoadPlan(service, "GET", "/bench/open"), ct));
            proxied.Add(await LoadProcess.RunAsync(new LoadPlan(sidecar, "GET", "/v1.0/invoke/bench/method/bench/open"), ct));
            plain.Add(await LoadProcess.RunAsync(new LoadPlan(gateway, "GET", "/bench/open"), ct));
            authenticated.Add(await LoadProcess.RunAsync(new LoadPlan(gateway, "GET", "/bench/private") { Headers = authorization }, ct));
        }

        return [.. Figures(Best(direct), Best(proxied), Best(plain), Best(authenticated)), await ColdAsync(Best(plain), ct)];
    }

    private static async Task<Figure> ColdAsync(LoadResult plain, CancellationToken ct)
    {
        await using var mesh = await StartAsync(cachedTokens: 2, ct);
        var gateway = mesh.App("gateway").BaseAddress!.Port; // the mesh gives every client an address
        var results = await Task.WhenAll(Enumerable.Range(0, ColdCallers).Select(caller => LoadProcess.RunAsync(
            new LoadPlan(gateway, "GET", "/bench/private")
            {
                Headers = $"Authorization: Bearer {mesh.Authority.Token($"usr_bench{caller}", Roles.Customer)}\r\n",
                Connections = 64 / ColdCallers,
            },
            ct)));
        var rate = results.Sum(result => result.PerSecond);
        return Figure.AtLeast("the same with tokens that were never seen, two signatures each", rate / plain.PerSecond, 0.4, Figure.PerSecond(rate));
    }

    private static Task<Testing.Mesh> StartAsync(int cachedTokens, CancellationToken ct) => Testing.Mesh.StartAsync(
        mesh => mesh
            .UseTime(TimeProvider.System)
            .Authority()
            .Sidecars(sidecar => sidecar with { DaprApiToken = null }) // so that the load can ask one by itself
            .App("gateway", Assembly.Load("DaprMesh.Gateway"), app =>
            {
                app.Settings["Gateway__Routes__/bench__App"] = "bench";
                app.Settings["Gateway__PerAddress__Permits"] = "100000000";
                app.Settings["Gateway__PerIdentity__Permits"] = "100000000";
                app.Settings["Identity__CachedTokens"] = $"{cachedTokens}";
                app.Settings["Logging__LogLevel__DaprMesh.Gateway.RequestLog"] = "Warning"; // what a line costs is up to where it goes
            })
            .App(
                "bench", builder => builder.AddServiceDefaults(BenchJson.Default), Map,
                app => app.Settings["Identity__CachedTokens"] = $"{cachedTokens}"),
        ct);

    private static LoadResult Best(IEnumerable<LoadResult> results) => results.MaxBy(result => result.PerSecond)!; // there are Rounds of them

    private static IReadOnlyList<Figure> Figures(LoadResult direct, LoadResult proxied, LoadResult plain, LoadResult authenticated) =>
    [
        Figure.AtLeast("authenticated request through the gateway, of a plain one", authenticated.PerSecond / plain.PerSecond, 0.55,
            $"{Figure.PerSecond(authenticated.PerSecond)} of {Figure.PerSecond(plain.PerSecond)}, {Figure.Milliseconds(authenticated.P50, authenticated.P99)}"),
        Figure.Plain("the same, of one that the sidecar alone proxies",
            $"{(authenticated.PerSecond / proxied.PerSecond).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)} of {Figure.PerSecond(proxied.PerSecond)}; the service alone {Figure.PerSecond(direct.PerSecond)}"),
    ];

    private static void Map(WebApplication app)
    {
        app.UseServiceDefaults();
        app.MapGet("/bench/open", Write);
        app.MapGet("/bench/private", Write).RequireAuthorization();
    }

    private static Task Write(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(Answer, http.RequestAborted).AsTask();
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class BenchJson : JsonSerializerContext;

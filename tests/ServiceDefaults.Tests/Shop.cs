using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.ServiceDefaults.Tests;

/// <summary>A small service as every service is: its own JSON context, the defaults, some routes.</summary>
internal static class Shop
{
    public static Task<Mesh> StartAsync(Action<MeshAppOptions>? options = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null, Action<MeshBuilder>? mesh = null) =>
        Mesh.StartAsync(
            plan =>
            {
                plan.App(
                    "shop",
                    builder =>
                    {
                        builder.AddServiceDefaults(ShopJson.Default);
                        build?.Invoke(builder);
                    },
                    app =>
                    {
                        app.UseServiceDefaults();
                        Map(app);
                        map?.Invoke(app);
                    },
                    options);
                mesh?.Invoke(plan);
            },
            TestContext.Current.CancellationToken);

    private static void Map(WebApplication app)
    {
        app.MapPost("/orders", (Order order) => TypedResults.Ok(order)).WithTags("Orders");
        app.MapGet("/orders", (int limit, Colour? colour) => TypedResults.Ok(new Order("a", limit, colour ?? Colour.Red))).WithTags("Orders").RequireAuthorization();
        app.MapGet("/orders/{id}", (string id) => id == "none" ? Results.NotFound() : Results.Ok()).RequirePermission("orders.read");
        app.MapGet("/broken", string () => throw new InvalidOperationException("the secret of the database"));
        app.MapGet("/neighbour", string () => throw new HttpRequestException("connection refused")).ExcludeFromDescription();
        app.MapPost("/raw", async (HttpRequest request, CancellationToken ct) =>
        {
            using var text = new StreamReader(request.Body);
            return (await text.ReadToEndAsync(ct)).Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        });
    }
}

internal enum Colour
{
    Red,
    Blue,
}

internal sealed record Order([property: Required] string Name, decimal Price, Colour Colour);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Colour?))]
internal sealed partial class ShopJson : JsonSerializerContext;

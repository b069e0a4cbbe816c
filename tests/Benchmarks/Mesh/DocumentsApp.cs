using System.Globalization;
using System.Text.Json.Serialization;
using Dapr.Client;
using DaprMesh.Benchmarks.Calibration;
using DaprMesh.Benchmarks.Measures;
using DaprMesh.Contracts;
using DaprMesh.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Benchmarks.Mesh;

/// <summary>An order with two indexes and an event, about as large as what the plain saves write.</summary>
internal sealed record BenchOrder(string Id, string Customer, string Product, int Quantity, decimal Price, string Status, DateTimeOffset At);

internal sealed record BenchOrderPlaced(string OrderId, string Customer) : IEvent;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BenchOrder))]
[JsonSerializable(typeof(BenchOrderPlaced))]
internal sealed partial class DocumentsJson : JsonSerializerContext;

/// <summary>An app that saves as many documents as it can when it is asked to, and says how many a second that were.</summary>
internal static class DocumentsApp
{
    private const int Callers64 = 64;

    public static void Add(IServiceCollection services, int shards)
    {
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, DocumentsJson.Default));
        services.AddStateStore<BenchOrder>(store => store
            .Index("by-customer", order => order.Customer, newest: order => order.At)
            .Index("by-status", order => order.Status, newest: order => order.At)
            .Shards(shards));
    }

    public static void Map(WebApplication app)
    {
        app.MapGet("/plain", async (DaprClient dapr, HttpContext http) =>
        {
            var value = System.Text.Encoding.UTF8.GetBytes(StateSave.Value);
            return Text(await Callers.PerSecondAsync(
                Callers64,
                number => dapr.SaveByteStateAsync("statestore", $"plain-{number}", value, cancellationToken: http.RequestAborted),
                http.RequestAborted));
        });
        app.MapGet("/documents", async (StateStore<BenchOrder> orders, TimeProvider clock, HttpContext http) =>
        {
            var rate = await Callers.PerSecondAsync(Callers64, number => CreateAsync(orders, number, clock, http.RequestAborted), http.RequestAborted);
            var drained = clock.GetTimestamp();
            await orders.PublishedAsync(http.RequestAborted);
            return Text(rate * Callers.MeasuredSeconds / (Callers.MeasuredSeconds + clock.GetElapsedTime(drained).TotalSeconds));
        });
    }

    private static async Task CreateAsync(StateStore<BenchOrder> orders, int number, TimeProvider clock, CancellationToken ct)
    {
        var order = new BenchOrder($"ord-{Guid.NewGuid():N}", $"customer-{number % 1024}", "p-17", 2, 12.5m, "placed", clock.GetUtcNow());
        if (await orders.CreateAsync(order.Id, Decision.Change(order, new BenchOrderPlaced(order.Id, order.Customer)), ct) is not Decision<BenchOrder>.Changed)
        {
            throw new InvalidOperationException("The order was not saved.");
        }
    }

    private static string Text(double rate) => rate.ToString(CultureInfo.InvariantCulture);
}

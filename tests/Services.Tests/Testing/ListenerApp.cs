using System.Collections.Concurrent;
using System.Text.Json;
using DaprMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Services.Tests.Testing;

/// <summary>An app that subscribes to topics and keeps what it gets.</summary>
internal sealed class ListenerApp(params string[] topics)
{
    private readonly ConcurrentQueue<JsonElement> _got = new();

    /// <summary>The data of the events, in the order of their coming.</summary>
    public IReadOnlyList<JsonElement> Got => [.. _got];

    public void Map(WebApplication app)
    {
        app.MapGet("/dapr/subscribe", () => topics.Select(topic => new { pubsubname = "pubsub", topic, route = $"/{topic}" }));
        foreach (var topic in topics)
        {
            app.MapPost($"/{topic}", (JsonElement cloudEvent) =>
            {
                _got.Enqueue(cloudEvent.GetProperty("data"));
                return Results.Ok();
            });
        }
    }

    /// <summary>Waits until that many events came.</summary>
    public async Task<IReadOnlyList<JsonElement>> GotAsync(int count, CancellationToken ct)
    {
        await Eventually.TrueAsync(() => _got.Count >= count, ct);
        return Got;
    }
}

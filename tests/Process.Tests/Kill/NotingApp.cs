using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Processes.Tests.Kill;

/// <summary>An app that subscribes, hosts an actor type and takes jobs, and notes what reached it. It outlives its sidecars.</summary>
internal sealed class NotingApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NotingApp(WebApplication app) => _app = app;

    /// <summary>Ids of the events that were acknowledged to the sidecar.</summary>
    public ConcurrentDictionary<string, int> Events { get; } = new();

    /// <summary>How often each reminder reached its actor, by name.</summary>
    public ConcurrentDictionary<string, int> Reminders { get; } = new();

    public ConcurrentDictionary<string, int> Jobs { get; } = new();

    public string Port => new Uri(_app.Urls.First()).Port.ToString(CultureInfo.InvariantCulture);

    public static async Task<NotingApp> StartAsync(string actorType, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = new NotingApp(builder.Build());
        app.Map(actorType);
        await app._app.StartAsync(ct);
        return app;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Count(ConcurrentDictionary<string, int> counts, string name) => counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    private void Map(string actorType)
    {
        _app.MapGet("/dapr/config", () => Results.Text($$"""{"entities":["{{actorType}}"]}""", "application/json"));
        _app.MapGet("/dapr/subscribe", () => Results.Text(
            """[{"pubsubname":"pubsub","topic":"orders","route":"/orders"}]""", "application/json"));
        _app.MapPost("/orders", async context =>
        {
            using var envelope = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            Count(Events, envelope.RootElement.GetProperty("data").GetString()!); // the publisher sends nothing but strings
        });
        _app.MapPut("/actors/{type}/{id}/method/remind/{name}", (string name) => Count(Reminders, name));
        _app.MapPut("/actors/{type}/{id}/method/{name}", () => "done");
        _app.MapDelete("/actors/{type}/{id}", () => "gone");
        _app.MapPost("/job/{name}", (string name) => Count(Jobs, name));
    }
}

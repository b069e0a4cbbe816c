using System.Collections.Concurrent;
using System.Globalization;
using DaprMesh.Sidecar.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Processes.Tests.Fuzz;

/// <summary>A sidecar with a component of every kind and an app that agrees to everything.</summary>
internal sealed class FullSidecar : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _unforeseen = new();
    private readonly WebApplication _app;

    private FullSidecar(WebApplication app)
    {
        _app = app;
        Running = RunningSidecar.Of(
            _folder.Path,
            "fuzz",
            ["--app-port", new Uri(app.Urls.First()).Port.ToString(CultureInfo.InvariantCulture)],
            line =>
            {
                if (IsUnforeseen(line))
                    _unforeseen.Enqueue(line);
            });
    }

    public RunningSidecar Running { get; }

    /// <summary>What the log says of exceptions that nobody had thought of.</summary>
    public IReadOnlyCollection<string> Unforeseen => [.. _unforeseen];

    public static async Task<FullSidecar> StartAsync(CancellationToken ct)
    {
        var sidecar = new FullSidecar(await StartAppAsync(ct));
        await WriteResourcesAsync(sidecar._folder, ct);
        await sidecar.Running.StartAsync(ct);
        return sidecar;
    }

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Errors that somebody foresaw are logged in one line; a stack means that nobody did.</summary>
    private static bool IsUnforeseen(string line) =>
        line.StartsWith("   at ", StringComparison.Ordinal) || line.Contains("level=fatal", StringComparison.Ordinal)
        || line.Contains("Unhandled exception", StringComparison.OrdinalIgnoreCase)
        || (line.Contains("level=error", StringComparison.Ordinal) && line.Contains("scope=dapr.runtime.http", StringComparison.Ordinal));

    private static async Task<WebApplication> StartAppAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/dapr/config", () => Results.Text("""{"entities":["Cart"]}""", "application/json"));
        app.MapGet("/dapr/subscribe", () => Results.Text(
            """[{"pubsubname":"pubsub","topic":"orders","route":"/orders"},{"pubsubname":"bus","topic":"orders","route":"/orders"}]""", "application/json"));
        app.MapFallback(() => Results.Text("{}", "application/json"));
        await app.StartAsync(ct);
        return app;
    }

    private static async Task WriteResourcesAsync(TempFolder folder, CancellationToken ct)
    {
        await File.WriteAllTextAsync(folder.File("secrets.json"), """{"a":"1","b":{"c":"2"},"käse":"3"}""", ct);
        var file = ("connectionString", folder.File("fuzz.db"));
        await Resources.WriteComponentAsync(folder.Path, "store", "state.sqlite", ct, file, ("actorStateStore", "true"));
        await Resources.WriteComponentAsync(folder.Path, "memory", "state.in-memory", ct);
        await Resources.WriteComponentAsync(folder.Path, "pubsub", "pubsub.sqlite", ct, file);
        await Resources.WriteComponentAsync(folder.Path, "bus", "pubsub.in-memory", ct);
        await Resources.WriteComponentAsync(folder.Path, "secrets", "secretstores.local.file", ct, ("secretsFile", folder.File("secrets.json")));
        await Resources.WriteComponentAsync(folder.Path, "config", "configuration.sqlite", ct, file);
        await Resources.WriteComponentAsync(folder.Path, "locks", "lock.sqlite", ct, file);
        await Resources.WriteComponentAsync(folder.Path, "files", "bindings.localstorage", ct, ("rootPath", folder.File("files")));
        await Resources.WriteComponentAsync(folder.Path, "web", "bindings.http", ct, ("url", "http://127.0.0.1:1/"));
        await Resources.WriteComponentAsync(folder.Path, "clock", "bindings.cron", ct, ("schedule", "@every 1h"));
    }
}

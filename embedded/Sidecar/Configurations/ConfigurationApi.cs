using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resiliency;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Configurations;

/// <summary><c>/v1.0/configuration</c>: get items, subscribe to their changes, which are posted to the app.</summary>
internal sealed class ConfigurationApi(SidecarContext context) : IBuildingBlock
{
    private const string Group = "configuration";

    /// <summary>Unlike every other error of daprd it ends with a line break.</summary>
    private static readonly byte[] NoApp =
    [
        .. """{"errorCode":"ERR_APP_CHANNEL_NIL","message":"app channel is not initialized. cannot subscribe to configuration updates"}"""u8,
        .. "\n"u8,
    ];

    private readonly ConcurrentDictionary<string, IAsyncDisposable> _subscriptions = new(StringComparer.Ordinal);
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.configuration");

    public void Map(RouteTable routes)
    {
        foreach (var version in (ReadOnlySpan<string>)["v1.0", "v1.0-alpha1"])
        {
            routes.Map("GET", version + "/configuration/{store}", Group, GetAsync);
            routes.Map("GET", version + "/configuration/{store}/subscribe", Group, SubscribeAsync);
            routes.Map("GET", version + "/configuration/{store}/{id}/unsubscribe", Group, UnsubscribeAsync);
        }
    }

    public async Task StopAsync(CancellationToken ct)
    {
        foreach (var id in _subscriptions.Keys)
        {
            await EndAsync(id);
        }
    }

    private async Task GetAsync(ApiCall call)
    {
        var (name, store) = Store(call);
        string[] keys = [.. call.QueryAll("key")];
        try
        {
            var items = await MeasuredAsync(name, "get", ct => store.GetAsync(keys, ct), call.Aborted);
            if (items.Count == 0)
            {
                call.NoContent();
                return;
            }

            await call.JsonAsync(ConfigurationJson.Items(items));
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            throw new ApiException(500, "ERR_CONFIGURATION_GET", $"failed to get {List(keys)} from Configuration store {name}: {e.Message}");
        }
    }

    private async Task SubscribeAsync(ApiCall call)
    {
        var (name, store) = Store(call);
        if (context.App is not { } app)
        {
            await call.JsonAsync(NoApp, status: 500);
            return;
        }

        string[] keys = [.. call.QueryAll("key")];
        var id = Guid.NewGuid().ToString();
        try
        {
            _subscriptions[id] = await MeasuredAsync(
                name,
                "subscribe",
                _ => ValueTask.FromResult(store.Subscribe(keys, (key, item, ct) => TellAsync(app, name, id, key, item, ct))),
                call.Aborted);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            throw new ApiException(
                500, "ERR_CONFIGURATION_SUBSCRIBE", $"failed to subscribe {List(keys)} from Configuration store {name}: {e.Message}");
        }

        await call.JsonAsync(Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}\n"));
    }

    private async Task UnsubscribeAsync(ApiCall call)
    {
        var (name, _) = Store(call);
        var id = call["id"];
        var known = await MeasuredAsync(name, "unsubscribe", _ => EndAsync(id), call.Aborted);
        if (known)
        {
            await call.JsonAsync("{\"ok\":true}\n"u8.ToArray());
            return;
        }

        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Json.GoJsonMap.Write(
            output,
            [KeyValuePair.Create(
                "message", $"failed to unsubscribe to configuration request {id}: subscription with id {id} does not exist")],
            Json.GoJsonText.WriteString);
        await call.JsonAsync(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(output.WrittenSpan) + "\n"), status: 500);
    }

    private async ValueTask<bool> EndAsync(string id)
    {
        if (!_subscriptions.TryRemove(id, out var subscription))
        {
            return false;
        }

        await subscription.DisposeAsync();
        return true;
    }

    private async Task TellAsync(AppChannel app, string store, string id, string key, ConfigurationItem? item, CancellationToken ct)
    {
        var body = ConfigurationJson.Update(id, key, item);
        try
        {
            await context.Resiliency.Inbound(store, ComponentKind.Configuration).RunAsync(
                async attempt =>
                {
                    using var request = app.Request(
                        HttpMethod.Post, $"configuration/{Uri.EscapeDataString(store)}/{Uri.EscapeDataString(key)}");
                    request.Content = new ByteArrayContent(body);
                    request.Content.Headers.ContentType = new("application/json");
                    using var response = await app.SendAsync(request, attempt);
                    return (int)response.StatusCode == 200
                        ? true
                        : throw new StatusException(
                            (int)response.StatusCode, $"error sending configuration item to application, status {(int)response.StatusCode}");
                },
                ct);
        }
        catch (Exception e) when (e is HttpRequestException or StatusException or TimeoutException or CircuitOpenException)
        {
            _log.LogError("error sending configuration item to the app: {Reason}", e.Message);
        }
    }

    private (string Name, IConfigurationStore Store) Store(ApiCall call)
    {
        var name = call["store"];
        if (context.Components.TryGet<IConfigurationStore>(name, out var store))
        {
            return (name, store);
        }

        throw context.Components.Any<IConfigurationStore>()
            ? new ApiException(400, "ERR_CONFIGURATION_STORE_NOT_FOUND", $"configuration store {name} not found")
            : new ApiException(500, "ERR_CONFIGURATION_STORE_NOT_CONFIGURED", "configuration stores not configured");
    }

    private async Task<T> MeasuredAsync<T>(string store, string operation, Func<CancellationToken, ValueTask<T>> run, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var success = false;
        try
        {
            var result = await context.Resiliency.Outbound(store, ComponentKind.Configuration).RunAsync(run, ct);
            success = true;
            return result;
        }
        finally
        {
            context.Metrics.Configuration(store, operation, success, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    /// <summary>As Go prints a list.</summary>
    private static string List(string[] keys) => $"[{string.Join(' ', keys)}]";
}

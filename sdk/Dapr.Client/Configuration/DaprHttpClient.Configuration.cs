using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Dapr.Client;

internal sealed partial class DaprHttpClient
{
    private const string ConfigurationOperation = "Configuration";

    private readonly ConcurrentDictionary<string, PolledConfigurationSource> _subscriptions = new();

    public override async Task<GetConfigurationResponse> GetConfiguration(string storeName, IReadOnlyList<string> keys, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        return new GetConfigurationResponse(await ReadConfigurationAsync(storeName, keys, metadata, cancellationToken));
    }

    public override async Task<SubscribeConfigurationResponse> SubscribeConfiguration(string storeName, IReadOnlyList<string> keys, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        // What stands now is the base line: nothing that changes after this call is missed.
        var items = await ReadConfigurationAsync(storeName, keys, metadata, cancellationToken);
        var source = new PolledConfigurationSource(items, ct => ReadConfigurationAsync(storeName, keys, metadata, ct), id => _subscriptions.TryRemove(id, out _), _clock, cancellationToken);
        _subscriptions[source.Id] = source;
        return new SubscribeConfigurationResponse(source);
    }

    public override async Task<UnsubscribeConfigurationResponse> UnsubscribeConfiguration(string storeName, string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (_subscriptions.TryRemove(id, out var subscription))
        {
            subscription.Dispose();
            return new UnsubscribeConfigurationResponse(true, "");
        }

        // Not one of ours: the app may have asked the sidecar to push.
        var path = $"/v1.0/configuration/{Uri.EscapeDataString(storeName)}/{Uri.EscapeDataString(id)}/unsubscribe";
        using var request = _http.Request(HttpMethod.Get, path);
        using var response = await _http.SendAsync(request, ConfigurationOperation, cancellationToken);
        if (response.IsSuccessStatusCode)
            return new UnsubscribeConfigurationResponse(true, "");
        var error = await Dapr.Common.SidecarError.ReadAsync(response, cancellationToken);
        return new UnsubscribeConfigurationResponse(false, error.Message);
    }

    private async Task<IReadOnlyDictionary<string, ConfigurationItem>> ReadConfigurationAsync(string storeName, IReadOnlyList<string>? keys, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        var path = new StringBuilder("/v1.0/configuration/").Append(Uri.EscapeDataString(storeName));
        foreach (var key in keys ?? [])
            ApiPath.Append(path, "key", key);
        foreach (var (name, value) in metadata ?? new Dictionary<string, string>())
            ApiPath.Append(path, "metadata." + name, value);

        using var request = _http.Request(HttpMethod.Get, path.ToString());
        using var response = await _http.SendCheckedAsync(request, ConfigurationOperation, cancellationToken);
        var items = new Dictionary<string, ConfigurationItem>();
        if (IsEmpty(response))
            return items;

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var json = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        foreach (var item in json.RootElement.EnumerateObject())
            items[item.Name] = ReadItem(item.Value);
        return items;
    }

    private static ConfigurationItem ReadItem(JsonElement item) => new(
        item.TryGetProperty("value"u8, out var value) ? value.ToString() : "",
        item.TryGetProperty("version"u8, out var version) ? version.ToString() : "",
        item.TryGetProperty("metadata"u8, out var metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString())
            : new Dictionary<string, string>());
}

using System.Text.Json;

namespace Dapr.Client;

internal sealed partial class DaprHttpClient
{
    public override Task<IReadOnlyList<BulkStateItem>> GetBulkStateAsync(string storeName, IReadOnlyList<string> keys, int? parallelism, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        GetBulkAsync(storeName, keys, parallelism, metadata, static (key, data, etag, _) => new BulkStateItem(key, data?.GetRawText() ?? "", etag), cancellationToken);

    public override Task<IReadOnlyList<BulkStateItem<TValue>>> GetBulkStateAsync<TValue>(string storeName, IReadOnlyList<string> keys, int? parallelism, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        GetBulkAsync(storeName, keys, parallelism, metadata, static (key, data, etag, options) =>
            new BulkStateItem<TValue>(key, (data is { } d ? d.Deserialize<TValue>(options) : default)!, etag), cancellationToken);

    public override async Task SaveBulkStateAsync<TValue>(string storeName, IReadOnlyList<SaveStateItem<TValue>> items, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count == 0)
            throw new ArgumentException("There must be at least one item.", nameof(items));

        var body = _bodies.Create((items, json: JsonSerializerOptions), static (json, state) =>
        {
            json.WriteStartArray();
            foreach (var item in state.items)
                StateJson.WriteItem(json, item.Key, item.Value, item.ETag, item.StateOptions, item.Metadata, state.json);
            json.WriteEndArray();
        });
        await _http.CallAsync(HttpMethod.Post, ApiPath.State(storeName), body, StateOperation, cancellationToken);
    }

    public override async Task DeleteBulkStateAsync(string storeName, IReadOnlyList<BulkDeleteStateItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentNullException.ThrowIfNull(items);
        // The HTTP API has no bulk delete.
        await Task.WhenAll(items.Select(item => DeleteAsync(storeName, item.Key, item.ETag, item.StateOptions, item.Metadata, cancellationToken)));
    }

    public override async Task ExecuteStateTransactionAsync(string storeName, IReadOnlyList<StateTransactionRequest> operations, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentNullException.ThrowIfNull(operations);
        if (operations.Count == 0)
            throw new ArgumentException("There must be at least one operation.", nameof(operations));

        var body = _bodies.Create((operations, metadata), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("operations"u8);
            foreach (var operation in state.operations)
                WriteOperation(json, operation);
            json.WriteEndArray();
            if (state.metadata is { Count: > 0 })
                StateJson.WriteMap(json, "metadata"u8, state.metadata);
            json.WriteEndObject();
        });
        await _http.CallAsync(HttpMethod.Post, ApiPath.State(storeName) + "/transaction", body, StateOperation, cancellationToken);
    }

    private static void WriteOperation(Utf8JsonWriter json, StateTransactionRequest operation)
    {
        json.WriteStartObject();
        json.WriteString("operation"u8, operation.OperationType switch
        {
            StateOperationType.Upsert => "upsert",
            StateOperationType.Delete => "delete",
            _ => throw new ArgumentException($"{operation.OperationType} is not an operation of a state transaction."),
        });
        json.WriteStartObject("request"u8);
        json.WriteString("key"u8, operation.Key);
        if (operation.Value is not null)
        {
            json.WritePropertyName("value"u8);
            RawValue.WriteState(json, operation.Value);
        }

        StateJson.WriteConditions(json, operation.ETag, operation.Options, operation.Metadata);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task<IReadOnlyList<TItem>> GetBulkAsync<TItem>(
        string storeName,
        IReadOnlyList<string> keys,
        int? parallelism,
        IReadOnlyDictionary<string, string>? metadata,
        Func<string, JsonElement?, string, JsonSerializerOptions, TItem> item,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
            throw new ArgumentException("There must be at least one key.", nameof(keys));

        var body = _bodies.Create((keys, parallelism, metadata), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (var key in state.keys)
                json.WriteStringValue(key);
            json.WriteEndArray();
            json.WriteNumber("parallelism"u8, state.parallelism ?? 0);
            if (state.metadata is { Count: > 0 })
                StateJson.WriteMap(json, "metadata"u8, state.metadata);
            json.WriteEndObject();
        });
        // Metadata counts from the query too; stores that look only there get it as well.
        using var request = _http.Request(HttpMethod.Post, ApiPath.WithMetadata(ApiPath.State(storeName) + "/bulk", metadata), body);
        using var response = await _http.SendCheckedAsync(request, StateOperation, cancellationToken);
        if (IsEmpty(response))
            return [];

        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var json = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            var items = new List<TItem>(json.RootElement.GetArrayLength());
            foreach (var element in json.RootElement.EnumerateArray())
            {
                JsonElement? data = element.TryGetProperty("data"u8, out var d) && d.ValueKind != JsonValueKind.Null ? d : null;
                var etag = element.TryGetProperty("etag"u8, out var e) ? e.GetString() ?? "" : "";
                items.Add(item(element.GetProperty("key"u8).GetString() ?? "", data, etag, JsonSerializerOptions));
            }

            return items;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new DaprException($"State operation failed: the values could not be read. {e.Message}", e);
        }
    }
}

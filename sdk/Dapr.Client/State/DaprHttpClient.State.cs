namespace Dapr.Client;

internal sealed partial class DaprHttpClient
{
    private const string StateOperation = "State";

    public override async Task<TValue> GetStateAsync<TValue>(string storeName, string key, ConsistencyMode? consistencyMode = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        (await GetStateAndETagAsync<TValue>(storeName, key, consistencyMode, metadata, cancellationToken)).value;

    public override async Task<(TValue value, string etag)> GetStateAndETagAsync<TValue>(string storeName, string key, ConsistencyMode? consistencyMode = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        using var response = await GetStateResponseAsync(storeName, key, consistencyMode, metadata, cancellationToken);
        // The package gives null for a missing reference too, without saying so in the type.
        var value = IsEmpty(response) ? default : await ReadJsonAsync<TValue>(response, StateOperation, cancellationToken);
        return (value!, ETag(response));
    }

    public override async Task<ReadOnlyMemory<byte>> GetByteStateAsync(string storeName, string key, ConsistencyMode? consistencyMode = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        (await GetByteStateAndETagAsync(storeName, key, consistencyMode, metadata, cancellationToken)).Item1;

    public override async Task<(ReadOnlyMemory<byte>, string etag)> GetByteStateAndETagAsync(string storeName, string key, ConsistencyMode? consistencyMode = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        using var response = await GetStateResponseAsync(storeName, key, consistencyMode, metadata, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return (RawValue.ReadState(body), ETag(response));
    }

    public override Task SaveStateAsync<TValue>(string storeName, string key, TValue value, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        SaveAsync(storeName, key, value, etag: null, stateOptions, metadata, cancellationToken);

    public override Task<bool> TrySaveStateAsync<TValue>(string storeName, string key, TValue value, string etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(etag);
        return TrySaveAsync(storeName, key, value, etag, stateOptions, metadata, cancellationToken);
    }

    public override Task SaveByteStateAsync(string storeName, string key, ReadOnlyMemory<byte> binaryValue, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        SaveAsync(storeName, key, new Raw(binaryValue), etag: null, stateOptions, metadata, cancellationToken);

    public override Task<bool> TrySaveByteStateAsync(string storeName, string key, ReadOnlyMemory<byte> binaryValue, string etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(etag);
        return TrySaveAsync(storeName, key, new Raw(binaryValue), etag, stateOptions, metadata, cancellationToken);
    }

    public override Task DeleteStateAsync(string storeName, string key, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        DeleteAsync(storeName, key, etag: null, stateOptions, metadata, cancellationToken);

    public override async Task<bool> TryDeleteStateAsync(string storeName, string key, string etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(etag);
        using var request = DeleteRequest(storeName, key, etag, stateOptions, metadata);
        return await _http.TryAsync(request, StateOperation, cancellationToken);
    }

    private Task<HttpResponseMessage> GetStateResponseAsync(string storeName, string key, ConsistencyMode? consistency, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        CheckKey(storeName, key);
        var path = ApiPath.WithMetadata(ApiPath.State(storeName, key), metadata, "consistency", StateJson.Text(consistency));
        return _http.SendCheckedAsync(_http.Request(HttpMethod.Get, path), StateOperation, cancellationToken);
    }

    private async Task SaveAsync<T>(string storeName, string key, T value, string? etag, StateOptions? options, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        using var request = SaveRequest(storeName, key, value, etag, options, metadata);
        using var response = await _http.SendCheckedAsync(request, StateOperation, cancellationToken);
    }

    private async Task<bool> TrySaveAsync<T>(string storeName, string key, T value, string etag, StateOptions? options, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        using var request = SaveRequest(storeName, key, value, etag, options, metadata);
        return await _http.TryAsync(request, StateOperation, cancellationToken);
    }

    private HttpRequestMessage SaveRequest<T>(string storeName, string key, T value, string? etag, StateOptions? options, IReadOnlyDictionary<string, string>? metadata)
    {
        CheckKey(storeName, key);
        var body = _bodies.Create((key, value, etag, options, metadata, json: JsonSerializerOptions), static (json, item) =>
        {
            json.WriteStartArray();
            StateJson.WriteItem(json, item.key, item.value, item.etag, item.options, item.metadata, item.json);
            json.WriteEndArray();
        });
        return _http.Request(HttpMethod.Post, ApiPath.State(storeName), body);
    }

    private async Task DeleteAsync(string storeName, string key, string? etag, StateOptions? options, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        using var request = DeleteRequest(storeName, key, etag, options, metadata);
        using var response = await _http.SendCheckedAsync(request, StateOperation, cancellationToken);
    }

    private HttpRequestMessage DeleteRequest(string storeName, string key, string? etag, StateOptions? options, IReadOnlyDictionary<string, string>? metadata)
    {
        CheckKey(storeName, key);
        var path = ApiPath.WithMetadata(ApiPath.State(storeName, key), metadata: null, "concurrency", StateJson.Text(options?.Concurrency));
        if (StateJson.Text(options?.Consistency) is { } consistency)
            path = string.Concat(path, path.Contains('?', StringComparison.Ordinal) ? "&" : "?", "consistency=") + consistency;
        var request = _http.Request(HttpMethod.Delete, ApiPath.WithMetadata(path, metadata));
        if (!string.IsNullOrEmpty(etag))
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        return request;
    }

    // The sidecar writes the ETag without quotes, which the typed header refuses.
    private static string ETag(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("ETag", out var values) ? values.ToString() : "";

    private static void CheckKey(string storeName, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentException.ThrowIfNullOrEmpty(key);
    }
}

/// <summary>Bytes that are the value, not something to serialize.</summary>
internal readonly record struct Raw(ReadOnlyMemory<byte> Bytes);

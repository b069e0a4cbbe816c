namespace Dapr.Client;

internal sealed partial class DaprHttpClient
{
    public override async Task<Dictionary<string, string>> GetSecretAsync(string storeName, string key, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentException.ThrowIfNullOrEmpty(key);
        return await SecretsAsync<Dictionary<string, string>>($"{Uri.EscapeDataString(storeName)}/{Uri.EscapeDataString(key)}", metadata, cancellationToken);
    }

    public override async Task<Dictionary<string, Dictionary<string, string>>> GetBulkSecretAsync(string storeName, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        return await SecretsAsync<Dictionary<string, Dictionary<string, string>>>($"{Uri.EscapeDataString(storeName)}/bulk", metadata, cancellationToken);
    }

    private async Task<T> SecretsAsync<T>(string path, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
        where T : new()
    {
        using var request = _http.Request(HttpMethod.Get, ApiPath.WithMetadata("/v1.0/secrets/" + path, metadata));
        using var response = await _http.SendCheckedAsync(request, "Secret", cancellationToken);
        return IsEmpty(response) ? new T() : await ReadJsonAsync<T>(response, "Secret", cancellationToken) ?? new T();
    }
}

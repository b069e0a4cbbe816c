using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>
/// The keys an issuer publishes. They are fetched again every ten minutes, and when a token names a key that is not among them:
/// an issuer that rotates its keys is not locked out until then. When a fetch fails, the keys that are there stay in use.
/// </summary>
internal sealed class JsonWebKeys(HttpClient http, Uri address, TimeProvider clock, ILogger log) : IDisposable
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    /// <summary>Tokens with made-up keys must not have the issuer asked each time.</summary>
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _fetching = new(1);
    private volatile IReadOnlyList<JsonWebKey> _keys = [];
    private long _fetchedAt;

    /// <summary>Where an issuer says its keys are, by OpenID Connect discovery.</summary>
    public static async Task<string> DiscoverAsync(HttpClient http, string issuer, CancellationToken ct)
    {
        using var document = await GetAsync(http, new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration"), "OpenID Configuration document", ct);
        var root = document.RootElement;
        if (!root.TryGetProperty("jwks_uri", out var keys) || keys.GetString() is not { Length: > 0 } address)
            throw new FormatException("failed to retrieve OpenID Configuration document: the OpenID Configuration document does not contain a 'jwks_uri'");

        var found = root.TryGetProperty("issuer", out var value) ? value.GetString() : "";
        return found == issuer
            ? address
            : throw new FormatException(
                "failed to retrieve OpenID Configuration document: the issuer found in the OpenID Configuration document "
                + $"('{found}') doesn't match the one provided in the component's metadata ('{issuer}')");
    }

    public async Task FetchAsync(CancellationToken ct)
    {
        using var document = await GetAsync(http, address, "JWKS", ct);
        if (!document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new FormatException("failed to fetch JWKS: the document has no 'keys'");

        // Keys that are replaced may be verifying a token right now; they go when nothing refers to them any more.
        _keys = [.. keys.EnumerateArray().Where(key => key.ValueKind == JsonValueKind.Object).Select(JsonWebKey.Read).OfType<JsonWebKey>()];
        Volatile.Write(ref _fetchedAt, clock.GetTimestamp());
    }

    /// <summary>The key a token names.</summary>
    public async ValueTask<JsonWebKey?> FindAsync(JsonWebToken token, CancellationToken ct)
    {
        if (token.KeyId is null)
            return null;

        var key = Find(token.KeyId);
        if (IsOlderThan(key is null ? LeastAge : Age))
        {
            await RefreshAsync(key is null ? LeastAge : Age, ct);
            key = Find(token.KeyId);
        }

        return key;
    }

    public void Dispose()
    {
        _fetching.Dispose();
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    private async Task RefreshAsync(TimeSpan age, CancellationToken ct)
    {
        await _fetching.WaitAsync(ct);
        try
        {
            if (IsOlderThan(age))
                await FetchAsync(ct);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or FormatException || (e is TaskCanceledException && !ct.IsCancellationRequested))
        {
            log.LogWarning("Error while refreshing JWKS cache: {Reason}", e.Message);
            Volatile.Write(ref _fetchedAt, clock.GetTimestamp());
        }
        finally
        {
            _fetching.Release();
        }
    }

    private JsonWebKey? Find(string id) => _keys.FirstOrDefault(key => key.Id == id);

    private bool IsOlderThan(TimeSpan age) => clock.GetElapsedTime(Volatile.Read(ref _fetchedAt)) >= age;

    private static async Task<JsonDocument> GetAsync(HttpClient http, Uri address, string what, CancellationToken ct)
    {
        using var response = await http.GetAsync(address, ct);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"failed to fetch {what}: invalid response status code: {(int)response.StatusCode}");

        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
    }
}

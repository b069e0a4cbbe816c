using System.Text.Json;

namespace Dapr.Client;

/// <summary>The Dapr API over the sidecar's HTTP port.</summary>
internal sealed partial class DaprHttpClient : DaprClient
{
    private readonly SidecarHttp _http;
    private readonly HttpMessageHandler _handler;
    private readonly HttpMessageHandler? _sharedHandler;
    private readonly HttpClient _httpClient;
    private readonly Uri _endpoint;
    private readonly string? _token;
    private readonly TimeProvider _clock;
    private readonly JsonBodies _bodies = new();

    public DaprHttpClient(
        Uri endpoint,
        string? token,
        JsonSerializerOptions json,
        TimeSpan timeout,
        HttpMessageHandler? sharedHandler,
        TimeProvider clock)
    {
        _endpoint = new Uri(endpoint.GetLeftPart(UriPartial.Authority) + "/");
        _token = string.IsNullOrWhiteSpace(token) ? null : token;
        _clock = clock;
        JsonSerializerOptions = json;
        _sharedHandler = sharedHandler;
        _handler = sharedHandler is null ? SidecarHttp.NewSocketsHandler() : new SharedHandler(sharedHandler);
        _http = new SidecarHttp(_handler, endpoint, _token);
        _httpClient = new HttpClient(_handler, disposeHandler: false);
        if (timeout > TimeSpan.Zero)
            _httpClient.Timeout = timeout;
    }

    public override JsonSerializerOptions JsonSerializerOptions { get; }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var subscription in _subscriptions.Values)
                subscription.Dispose();
            _httpClient.Dispose();
            _http.Dispose();
            _handler.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<T?> ReadJsonAsync<T>(HttpResponseMessage response, string operation, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync<T>(body, JsonSerializerOptions, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new DaprException($"{operation} operation failed: the value could not be read as {typeof(T)}. {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new DaprException($"{operation} operation failed: the answer broke off. {e.Message}", e);
        }
    }

    private static bool IsEmpty(HttpResponseMessage response) =>
        response.StatusCode == System.Net.HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0;
}

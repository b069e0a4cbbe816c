using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>The way from the sidecar to its app: address, token, concurrency limit and the appHttpPipeline in one place.</summary>
public sealed class AppChannel : IDisposable
{
    private const int KeptAddresses = 1024;
    private const int LongestKept = 256;
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private readonly HttpMessageHandler _transport;
    private readonly HttpMessageInvoker _probes;
    private HttpMessageInvoker _client;
    private readonly SemaphoreSlim? _slots;
    private readonly string? _token;
    private int _kept;

    public AppChannel(SidecarOptions options, HttpMessageHandler transport)
    {
        var scheme = options.AppProtocol is "https" ? "https" : "http";
        BaseAddress = new Uri($"{scheme}://{options.AppChannelAddress}:{options.AppPort}/");
        _transport = transport;
        _probes = _client = new HttpMessageInvoker(transport, disposeHandler: false);
        _slots = options.AppMaxConcurrency > 0 ? new(options.AppMaxConcurrency) : null;
        _token = options.AppApiToken;
    }

    public Uri BaseAddress { get; }

    /// <summary>Puts the appHttpPipeline before the transport. Called once, when the components are there and before anything is sent.</summary>
    internal void Use(Func<HttpMessageHandler, HttpMessageHandler> pipeline) => _client = new HttpMessageInvoker(pipeline(_transport), disposeHandler: false);

    /// <summary>A request to the app; <paramref name="pathAndQuery"/> is escaped, with or without a leading slash.</summary>
    public HttpRequestMessage Request(HttpMethod method, string pathAndQuery) => new(method, Address(pathAndQuery));

    /// <summary>No body, but the content type that daprd sends with its own GET requests.</summary>
    public static HttpContent EmptyJson()
    {
        var content = new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>The app's address for a path; kept as it is written, dot segments aside.</summary>
    public Uri Address(string pathAndQuery)
    {
        if (_addresses.TryGetValue(pathAndQuery, out var known))
        {
            return known;
        }

        // The first there are: most apps have few addresses, and those with ids in them are too many to keep.
        var address = Parse(pathAndQuery);
        if (pathAndQuery.Length <= LongestKept && Volatile.Read(ref _kept) < KeptAddresses && _addresses.TryAdd(pathAndQuery, address))
        {
            Interlocked.Increment(ref _kept);
        }

        return address;
    }

    private Uri Parse(string pathAndQuery) =>
        new(BaseAddress.OriginalString + (pathAndQuery.StartsWith('/') ? pathAndQuery[1..] : pathAndQuery),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>
    /// Sends and answers when the headers are there; the body streams. Redirects are not followed.
    /// The concurrency slot is given back when the answer is disposed.
    /// </summary>
    /// <exception cref="HttpRequestException">The app cannot be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (_token is not null)
        {
            request.Headers.Remove("dapr-api-token"); // the caller may have sent one of its own
            request.Headers.TryAddWithoutValidation("dapr-api-token", _token);
        }

        if (_slots is null)
        {
            return await _client.SendAsync(request, ct);
        }

        await _slots.WaitAsync(ct);
        try
        {
            using var response = await _client.SendAsync(request, ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            return Buffered(response, body);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Sends an app health probe: no token, no concurrency slot and no middleware.</summary>
    public Task<HttpResponseMessage> ProbeAsync(HttpRequestMessage request, CancellationToken ct) => _probes.SendAsync(request, ct);

    public void Dispose()
    {
        _client.Dispose();
        _probes.Dispose();
        _slots?.Dispose();
    }

    /// <summary>The answer with its body read, so that the slot is not held by a slow reader.</summary>
    private static HttpResponseMessage Buffered(HttpResponseMessage response, byte[] body)
    {
        var copy = new HttpResponseMessage(response.StatusCode) { Content = new ByteArrayContent(body), Version = response.Version };
        Copy(response.Headers, copy.Headers);
        Copy(response.Content.Headers, copy.Content.Headers);
        return copy;
    }

    private static void Copy(HttpHeaders from, HttpHeaders to)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            to.TryAddWithoutValidation(name, values);
        }
    }
}

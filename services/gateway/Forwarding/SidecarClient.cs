namespace DaprMesh.Gateway.Forwarding;

/// <summary>The way to every app: this service's sidecar, found by Dapr's own variables.</summary>
internal sealed class SidecarClient : IDisposable
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private readonly string _base;
    private readonly string? _token;
    private readonly HttpMessageInvoker _http;

    /// <param name="inProcess">The way to a sidecar in this process, where there is one.</param>
    public SidecarClient(IConfiguration configuration, [FromKeyedServices("dapr")] HttpMessageHandler? inProcess = null)
    {
        _base = (configuration["DAPR_HTTP_ENDPOINT"] is { Length: > 0 } endpoint
            ? endpoint
            : $"http://127.0.0.1:{configuration["DAPR_HTTP_PORT"] ?? "3500"}").TrimEnd('/');
        _token = configuration["DAPR_API_TOKEN"] is { Length: > 0 } token ? token : null;
        _http = inProcess is null ? new HttpMessageInvoker(Sockets()) : new HttpMessageInvoker(inProcess, disposeHandler: false);
    }

    /// <summary>A handler that adds nothing: no redirects, no cookies, no proxy, no decompression.</summary>
    public static SocketsHttpHandler Sockets() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
    };

    /// <param name="target">Path and query as the caller wrote them.</param>
    public HttpRequestMessage Request(HttpMethod method, string app, string target)
    {
        var request = new HttpRequestMessage(method, new Uri($"{_base}/v1.0/invoke/{app}/method{EscapedOnceMore(target)}", in AsWritten));
        if (_token is not null)
        {
            request.Headers.TryAddWithoutValidation("dapr-api-token", _token);
        }

        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) => _http.SendAsync(request, ct);

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// The sidecar decodes a path once, which would make a %2F a slash and a %25 an error: its percent signs are escaped once more. The query stays.
    /// </summary>
    private static string EscapedOnceMore(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        return path.Contains('%', StringComparison.Ordinal)
            ? path.Replace("%", "%25", StringComparison.Ordinal) + (query < 0 ? "" : target[query..])
            : target;
    }
}

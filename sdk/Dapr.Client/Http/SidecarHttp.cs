using System.Net;
using Dapr.Common;

namespace Dapr.Client;

/// <summary>Sends calls to the sidecar and turns its refusals into exceptions.</summary>
internal sealed class SidecarHttp : IDisposable
{
    internal const string Version = "v1.18.5";
    internal const string UserAgent = "dapr-sdk-dotnet/" + Version;

    // Paths are escaped here, segment by segment: nothing is left to make canonical.
    private static readonly UriCreationOptions Escaped = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpMessageInvoker _invoker;
    private readonly string _authority;
    private readonly string? _token;

    public SidecarHttp(HttpMessageHandler handler, Uri endpoint, string? token)
    {
        _invoker = new HttpMessageInvoker(handler);
        _authority = endpoint.GetLeftPart(UriPartial.Authority);
        _token = string.IsNullOrWhiteSpace(token) ? null : token;
    }

    public static HttpMessageHandler NewSocketsHandler() => new SocketsHttpHandler
    {
        UseCookies = false,
        // A sidecar that moves gets noticed; it is nearly always on this machine.
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
    };

    public HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, new Uri(_authority + path, Escaped)) { Content = content };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (_token is not null)
            request.Headers.TryAddWithoutValidation(InvocationHandler.TokenHeader, _token);
        return request;
    }

    /// <summary>Sends and gives any answer; only a sidecar that cannot be reached is an exception.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string operation, CancellationToken cancellationToken)
    {
        try
        {
            return await _invoker.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new DaprException($"{operation} operation failed: the sidecar at {_authority} could not be reached. {e.Message}", e);
        }
    }

    /// <summary>Sends and gives a success; a refusal is a <see cref="DaprApiException"/>.</summary>
    public async Task<HttpResponseMessage> SendCheckedAsync(HttpRequestMessage request, string operation, CancellationToken cancellationToken)
    {
        var response = await SendAsync(request, operation, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
            throw await RefusalAsync(response, operation, cancellationToken);
    }

    /// <summary>Sends, expects a success and has no use for its body.</summary>
    public async Task CallAsync(HttpMethod method, string path, HttpContent? content, string operation, CancellationToken cancellationToken)
    {
        using var request = Request(method, path, content);
        using var response = await SendCheckedAsync(request, operation, cancellationToken);
    }

    /// <summary>Sends and tells whether it was done; 409 says that someone else was first.</summary>
    public async Task<bool> TryAsync(HttpRequestMessage request, string operation, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, operation, cancellationToken);
        if (response.IsSuccessStatusCode)
            return true;
        if (response.StatusCode == HttpStatusCode.Conflict)
            return false;
        throw await RefusalAsync(response, operation, cancellationToken);
    }

    public static async Task<DaprException> RefusalAsync(HttpResponseMessage response, string operation, CancellationToken cancellationToken)
    {
        var error = await SidecarError.ReadAsync(response, cancellationToken);
        var inner = new HttpRequestException(HttpRequestError.Unknown, $"Response status code {(int)response.StatusCode}.", statusCode: response.StatusCode);
        return new DaprApiException($"{operation} operation failed: {error}", inner, error.ErrorCode, isTransient: false) { ExtendedErrorInfo = error.Info };
    }

    public void Dispose() => _invoker.Dispose();
}

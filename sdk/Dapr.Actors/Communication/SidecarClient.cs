using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Dapr.Common;

namespace Dapr.Actors.Communication;

/// <summary>Sends requests to the actor API of a sidecar, and turns its refusals into exceptions.</summary>
internal sealed class SidecarClient(HttpMessageInvoker invoker, string? endpoint, string? apiToken, TimeSpan? timeout)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    // Segments are escaped by us. Left to itself, Uri would resolve an id such as ".." and so call something else.
    private static readonly UriCreationOptions AsGiven = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly TimeSpan _timeout = timeout ?? DefaultTimeout;

    public string Endpoint { get; } = string.IsNullOrWhiteSpace(endpoint)
        ? throw new InvalidOperationException("The sidecar's HTTP endpoint is not set.")
        : endpoint.TrimEnd('/');

    /// <summary>Sends, and returns the answer as soon as its headers are there. The caller disposes it.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string address, HttpContent? content, Action<HttpRequestHeaders>? addHeaders, CancellationToken cancellationToken)
    {
        // A request that failed is not disposed: its content may still be in use by the transport.
        var request = new HttpRequestMessage(method, new Uri(address, AsGiven)) { Content = content };
        addHeaders?.Invoke(request.Headers);
        if (!string.IsNullOrWhiteSpace(apiToken))
            request.Headers.TryAddWithoutValidation(ActorHeaders.ApiToken, apiToken);

        // Real time, also under a manual clock: the network does not wait for that one.
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_timeout != Timeout.InfiniteTimeSpan)
            limited.CancelAfter(_timeout);
        try
        {
            var response = await invoker.SendAsync(request, limited.Token);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw await RefusalAsync(response, limited.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException($"The sidecar did not answer within {_timeout}.", new TimeoutException(e.Message, e), e.CancellationToken);
        }
    }

    private static async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new AuthenticationException($"The sidecar does not allow this call (HTTP {(int)response.StatusCode}).");

        var error = await SidecarError.ReadAsync(response, cancellationToken);
        var code = error.ErrorCode ?? (response.StatusCode == HttpStatusCode.NotFound ? "ERR_DOES_NOT_EXIST" : null);
        var message = error.Message.Length > 0 ? error.Message : $"The sidecar answered {(int)response.StatusCode} and gave no reason.";
        return new DaprApiException(message, code, isTransient: false) { ExtendedErrorInfo = error.Info };
    }
}

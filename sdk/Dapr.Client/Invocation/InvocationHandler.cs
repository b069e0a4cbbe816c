using System.Diagnostics.CodeAnalysis;

namespace Dapr.Client;

/// <summary>Sends a request to <c>http://app-id/path</c> to the app of that id, through the sidecar.</summary>
public class InvocationHandler : DelegatingHandler
{
    internal const string TokenHeader = "dapr-api-token";

    private Uri _endpoint = new(DaprDefaults.GetDefaultHttpEndpoint());
    private Target? _lastTarget;

    /// <summary>The sidecar's HTTP endpoint.</summary>
    public string DaprEndpoint
    {
        get => _endpoint.OriginalString;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var endpoint = new Uri(value, UriKind.Absolute);
            if (!IsHttp(endpoint))
                throw new ArgumentException("The URI scheme of the Dapr endpoint must be http or https.", nameof(value));

            _endpoint = endpoint;
            _lastTarget = null;
        }
    }

    /// <summary>The app id as it is written: a <see cref="Uri"/> knows its host only in lower case.</summary>
    public string? DefaultAppId { get; set; }

    internal string? DaprApiToken { get; set; } = DaprDefaults.GetDefaultDaprApiToken(null);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var original = request.RequestUri;
        if (!TryRewriteUri(original, out var rewritten))
            throw new ArgumentException($"The request URI '{original}' is not a valid Dapr service invocation destination.", nameof(request));

        var addToken = !string.IsNullOrWhiteSpace(DaprApiToken);
        try
        {
            request.RequestUri = rewritten;
            if (addToken)
                request.Headers.TryAddWithoutValidation(TokenHeader, DaprApiToken);
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = original;
            if (addToken)
                request.Headers.Remove(TokenHeader);
        }
    }

    internal bool TryRewriteUri(Uri? uri, [NotNullWhen(true)] out Uri? rewritten)
    {
        rewritten = null;
        if (uri is null || !uri.IsAbsoluteUri || !IsHttp(uri))
            return false;

        // Nearly always the same app as last time: then only the path is put behind it.
        var target = _lastTarget;
        if (target is null || !ReferenceEquals(target.DefaultAppId, DefaultAppId) || !string.Equals(target.Host, uri.Host, StringComparison.Ordinal))
        {
            var appId = DefaultAppId is not null && uri.Host.Equals(DefaultAppId, StringComparison.OrdinalIgnoreCase) ? DefaultAppId : uri.Host;
            target = new Target(DefaultAppId, uri.Host, $"{_endpoint.GetLeftPart(UriPartial.Authority)}/v1.0/invoke/{appId}/method");
            _lastTarget = target;
        }

        // The path was made canonical when the request's URI was parsed.
        rewritten = new Uri(string.Concat(target.Prefix, uri.PathAndQuery), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        return true;
    }

    private static bool IsHttp(Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;

    private sealed record Target(string? DefaultAppId, string Host, string Prefix);
}

using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>Services outside the mesh: HTTPEndpoint resources by name, and plain addresses.</summary>
internal sealed class ExternalEndpoints(SidecarContext context)
{
    private Known _known = new([], []);

    /// <summary>The endpoint of that name, or one for an address; null when the id is an app's.</summary>
    public ExternalEndpoint? Find(string id)
    {
        if (Current().TryGetValue(id, out var endpoint))
        {
            return endpoint;
        }

        if (!id.StartsWith("http:/", StringComparison.Ordinal) && !id.StartsWith("https:/", StringComparison.Ordinal))
        {
            return null;
        }

        // A cleaned path has lost one of the address's slashes.
        var address = id.Contains("://", StringComparison.Ordinal) ? id : id.Replace(":/", "://", StringComparison.Ordinal);
        return ExternalEndpoint.Of(address, context);
    }

    /// <summary>Made at the first use, since secrets are read when the components are loaded, and again when the resources have changed.</summary>
    private Dictionary<string, ExternalEndpoint> Current()
    {
        var known = _known;
        if (!ReferenceEquals(known.Manifests, context.HttpEndpoints))
        {
            var manifests = context.HttpEndpoints;
            _known = known = new(manifests, manifests.ToDictionary(
                manifest => manifest.Name, manifest => ExternalEndpoint.Of(manifest, context), StringComparer.Ordinal));
        }

        return known.ByName;
    }

    private sealed record Known(IReadOnlyList<HttpEndpointManifest> Manifests, Dictionary<string, ExternalEndpoint> ByName);
}

/// <summary>One service outside the mesh.</summary>
internal sealed class ExternalEndpoint
{
    private readonly string _baseUrl;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _headers;
    private readonly HttpMessageInvoker _client;

    private ExternalEndpoint(string baseUrl, IReadOnlyList<KeyValuePair<string, string>> headers, HttpMessageInvoker client)
    {
        _baseUrl = baseUrl.TrimEnd('/');
        _headers = headers;
        _client = client;
    }

    public static ExternalEndpoint Of(string address, SidecarContext context) => new(address, [], context.Runtime.Dispatch.SocketClient);

    public static ExternalEndpoint Of(HttpEndpointManifest manifest, SidecarContext context) => new(
        manifest.BaseUrl,
        [.. manifest.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value ?? ""))],
        EndpointTls.ClientFor(manifest) ?? context.Runtime.Dispatch.SocketClient);

    public async Task<HttpResponseMessage> SendAsync(
        HttpContext http, ApiRequest request, HttpMethod verb, string method, RequestBody body, CancellationToken ct)
    {
        var path = method.Length > 0 ? "/" + method.TrimEnd('/') : "";
        var address = new Uri(_baseUrl + path + http.Request.QueryString.Value, UriKind.Absolute);
        using var message = new HttpRequestMessage(verb, address);
        message.Content = body.Content();
        ProxyHeaders.CopyRequest(http, message);
        foreach (var (name, value) in _headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Span?.Id is { } traceParent)
        {
            message.Headers.Remove("traceparent");
            message.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        try
        {
            return await _client.SendAsync(message, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new InvokeException("Unavailable", GoErrors.Describe(verb, address, e), e);
        }
    }
}

using System.Text.Json;

namespace Dapr.Client;

/// <summary>Builds a <see cref="DaprClient"/>; the environment says where the sidecar is unless told otherwise.</summary>
public sealed class DaprClientBuilder
{
    private string _grpcEndpoint = DaprDefaults.GetDefaultGrpcEndpoint();
    private string _httpEndpoint = DaprDefaults.GetDefaultHttpEndpoint();
    private string? _token = DaprDefaults.GetDefaultDaprApiToken(null);
    private JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private TimeSpan _timeout;
    private HttpMessageHandler? _handler;
    private TimeProvider _clock = TimeProvider.System;

    public DaprClientBuilder UseHttpEndpoint(string httpEndpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(httpEndpoint);
        _httpEndpoint = httpEndpoint;
        return this;
    }

    /// <summary>Kept so that callers compile; everything goes over HTTP here.</summary>
    public DaprClientBuilder UseGrpcEndpoint(string grpcEndpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(grpcEndpoint);
        _grpcEndpoint = grpcEndpoint;
        return this;
    }

    public DaprClientBuilder UseJsonSerializationOptions(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _json = options;
        return this;
    }

    public DaprClientBuilder UseDaprApiToken(string apiToken)
    {
        _token = apiToken;
        return this;
    }

    /// <summary>The time that invocations and health checks may take.</summary>
    public DaprClientBuilder UseTimeout(TimeSpan timeout)
    {
        _timeout = timeout;
        return this;
    }

    public DaprClient Build()
    {
        CheckScheme(_grpcEndpoint, "gRPC");
        return new DaprHttpClient(CheckScheme(_httpEndpoint, "HTTP"), _token, _json, _timeout, _handler, _clock);
    }

    /// <summary>Sends everything through a handler that belongs to someone else, instead of sockets.</summary>
    internal DaprClientBuilder UseHttpMessageHandler(HttpMessageHandler handler)
    {
        _handler = handler;
        return this;
    }

    internal DaprClientBuilder UseTimeProvider(TimeProvider clock)
    {
        _clock = clock;
        return this;
    }

    private static Uri CheckScheme(string endpoint, string protocol)
    {
        var uri = new Uri(endpoint);
        return uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps
            ? uri
            : throw new InvalidOperationException($"The {protocol} endpoint must use http or https.");
    }
}

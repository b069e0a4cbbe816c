using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Dapr.Common;

/// <summary>Builds the client of one building block; the environment says where the sidecar is unless told otherwise.</summary>
public abstract class DaprGenericClientBuilder<TClientBuilder> where TClientBuilder : class, IDaprClient
{
    protected DaprGenericClientBuilder(IConfiguration? configuration = null)
    {
        HttpEndpoint = DaprDefaults.GetDefaultHttpEndpoint(configuration);
        DaprApiToken = DaprDefaults.GetDefaultDaprApiToken(configuration);
    }

    public JsonSerializerOptions JsonSerializerOptions { get; private set; } = new(JsonSerializerDefaults.Web);

    public string DaprApiToken { get; private set; }

    internal string HttpEndpoint { get; private set; }

    internal IHttpClientFactory? HttpClients { get; private set; }

    internal TimeSpan Timeout { get; private set; }

    public DaprGenericClientBuilder<TClientBuilder> UseHttpEndpoint(string httpEndpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(httpEndpoint);
        HttpEndpoint = httpEndpoint;
        return this;
    }

    /// <summary>Kept so that callers compile; everything goes over HTTP here.</summary>
    public DaprGenericClientBuilder<TClientBuilder> UseGrpcEndpoint(string grpcEndpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(grpcEndpoint);
        return this;
    }

    public DaprGenericClientBuilder<TClientBuilder> UseHttpClientFactory(IHttpClientFactory httpClientFactory)
    {
        HttpClients = httpClientFactory;
        return this;
    }

    public DaprGenericClientBuilder<TClientBuilder> UseJsonSerializationOptions(JsonSerializerOptions options)
    {
        JsonSerializerOptions = options;
        return this;
    }

    public DaprGenericClientBuilder<TClientBuilder> UseDaprApiToken(string apiToken)
    {
        DaprApiToken = apiToken;
        return this;
    }

    /// <summary>The time that a call may take.</summary>
    public DaprGenericClientBuilder<TClientBuilder> UseTimeout(TimeSpan timeout)
    {
        Timeout = timeout;
        return this;
    }

    public abstract TClientBuilder Build();
}

using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Dapr;

/// <summary>Where the sidecar is and which tokens apply: configuration first, then the environment.</summary>
public static class DaprDefaults
{
    public const string AppApiTokenEnvironmentVariableName = "APP_API_TOKEN";
    public const string DaprApiTokenEnvironmentVariableName = "DAPR_API_TOKEN";
    public const string DaprGrpcEndpointEnvironmentVariableName = "DAPR_GRPC_ENDPOINT";
    public const string DaprGrpcPortEnvironmentVariableName = "DAPR_GRPC_PORT";
    public const string DaprHttpEndpointEnvironmentVariableName = "DAPR_HTTP_ENDPOINT";
    public const string DaprHttpPortEnvironmentVariableName = "DAPR_HTTP_PORT";
    public const string DefaultDaprHost = "localhost";
    public const string DefaultDaprScheme = "http";
    public const int DefaultGrpcPort = 50001;
    public const int DefaultHttpPort = 3500;

    /// <summary>The token the sidecar expects from its callers, or an empty string.</summary>
    public static string GetDefaultDaprApiToken(IConfiguration? configuration) =>
        Read(configuration, DaprApiTokenEnvironmentVariableName) ?? "";

    /// <summary>The token the sidecar sends with its calls to the app, or an empty string.</summary>
    public static string GetDefaultAppApiToken(IConfiguration? configuration) =>
        Read(configuration, AppApiTokenEnvironmentVariableName) ?? "";

    /// <summary>The sidecar's HTTP endpoint, ending in a slash.</summary>
    public static string GetDefaultHttpEndpoint(IConfiguration? configuration = null) =>
        Endpoint(configuration, DaprHttpEndpointEnvironmentVariableName, DaprHttpPortEnvironmentVariableName, DefaultHttpPort);

    /// <summary>The sidecar's gRPC endpoint, ending in a slash.</summary>
    public static string GetDefaultGrpcEndpoint(IConfiguration? configuration = null) =>
        Endpoint(configuration, DaprGrpcEndpointEnvironmentVariableName, DaprGrpcPortEnvironmentVariableName, DefaultGrpcPort);

    private static string Endpoint(IConfiguration? configuration, string endpointName, string portName, int defaultPort)
    {
        if (Read(configuration, endpointName) is { } endpoint)
            return new UriBuilder(endpoint).ToString();

        var port = Read(configuration, portName) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : defaultPort;
        return new UriBuilder(DefaultDaprScheme, DefaultDaprHost, port).ToString();
    }

    private static string? Read(IConfiguration? configuration, string name)
    {
        var value = configuration?[name];
        if (string.IsNullOrWhiteSpace(value))
            value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrWhiteSpace(value) ? null : value;
    }
}

using System.Text.Json;

namespace Dapr.Actors.Client;

/// <summary>How a proxy reaches the sidecar and writes JSON.</summary>
public class ActorProxyOptions
{
    private JsonSerializerOptions _jsonSerializerOptions = new(JsonSerializerDefaults.Web);

    public JsonSerializerOptions JsonSerializerOptions
    {
        get => _jsonSerializerOptions;
        set => _jsonSerializerOptions = value ?? throw new ArgumentNullException(nameof(value));
    }

    public string? DaprApiToken { get; set; } = DaprDefaults.GetDefaultDaprApiToken(null);

    public string? HttpEndpoint { get; set; } = DaprDefaults.GetDefaultHttpEndpoint();

    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Has no effect here: calls through typed proxies are always JSON.</summary>
    public bool UseJsonSerialization { get; set; }
}

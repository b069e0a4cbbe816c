using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Dapr.Actors.Runtime;

/// <summary>The hosted actor types and how the sidecar and this app treat them.</summary>
public sealed class ActorRuntimeOptions
{
    private TimeSpan? _actorIdleTimeout;
    private TimeSpan? _actorScanInterval;
    private TimeSpan? _drainOngoingCallTimeout;
    private int? _remindersStoragePartitions;
    private string? _daprApiToken = "";

    private JsonSerializerOptions _jsonSerializerOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        PropertyNameCaseInsensitive = true,
    };

    public ActorRegistrationCollection Actors { get; } = [];

    public TimeSpan? ActorIdleTimeout
    {
        get => _actorIdleTimeout;
        set => _actorIdleTimeout = Positive(value);
    }

    public TimeSpan? ActorScanInterval
    {
        get => _actorScanInterval;
        set => _actorScanInterval = Positive(value);
    }

    public TimeSpan? DrainOngoingCallTimeout
    {
        get => _drainOngoingCallTimeout;
        set => _drainOngoingCallTimeout = Positive(value);
    }

    public bool DrainRebalancedActors { get; set; }

    public ActorReentrancyConfig ReentrancyConfig { get; set; } = new();

    public int? RemindersStoragePartitions
    {
        get => _remindersStoragePartitions;
        set => _remindersStoragePartitions = value is null or >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The number of partitions is not negative.");
    }

    /// <summary>Has no effect here: calls through typed proxies are always JSON.</summary>
    public bool UseJsonSerialization { get; set; }

    public JsonSerializerOptions JsonSerializerOptions
    {
        get => _jsonSerializerOptions;
        set => _jsonSerializerOptions = value ?? throw new ArgumentNullException(nameof(value));
    }

    public string? DaprApiToken
    {
        get => _daprApiToken;
        set => _daprApiToken = value ?? throw new ArgumentNullException(nameof(value));
    }

    public string? HttpEndpoint { get; set; }

    private static TimeSpan? Positive(TimeSpan? value, [CallerMemberName] string name = "") =>
        value <= TimeSpan.Zero ? throw new ArgumentOutOfRangeException(name, value, "The duration is positive.") : value;
}

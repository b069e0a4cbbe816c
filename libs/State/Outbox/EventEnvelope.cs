using System.Text.Json;
using System.Text.Json.Serialization;
using Dapr;

namespace DaprMesh.State.Outbox;

/// <summary>An event as it is kept until it is published, and as it is published: a whole CloudEvent.</summary>
internal sealed class EventEnvelope : CloudEvent
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    [JsonPropertyName("time")]
    public required DateTimeOffset Time { get; init; }

    /// <summary>The version of the entity after the event.</summary>
    [JsonPropertyName("entityversion")]
    public required long EntityVersion { get; init; }

    [JsonPropertyName("traceid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    [JsonPropertyName("traceparent"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    [JsonPropertyName("data")]
    public required JsonElement Data { get; init; }

    [JsonIgnore]
    public bool IsSent { get; set; }
}

/// <summary>The start of a log of events: who writes it, and which entries wait to be published.</summary>
/// <param name="Owner">Who may write it; another one here means that the log was taken over.</param>
/// <param name="From">The first entry that may not be published yet.</param>
/// <param name="To">The entry that comes next.</param>
/// <param name="Seen">When the owner last wrote; one that has been silent for long is taken to be dead.</param>
internal sealed record LogHead(string Owner, long From, long To, DateTimeOffset Seen);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EventEnvelope))]
[JsonSerializable(typeof(IReadOnlyList<EventEnvelope>))]
[JsonSerializable(typeof(List<EventEnvelope>))]
[JsonSerializable(typeof(LogHead))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class OutboxJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Dapr;

/// <summary>The attributes of a CloudEvent that the publisher sets itself.</summary>
public class CloudEvent
{
    [JsonPropertyName("source")]
    public Uri? Source { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("subject")]
    public string? Subject { get; init; }
}

/// <summary>A CloudEvent with its data: published as the whole envelope.</summary>
public class CloudEvent<TData> : CloudEvent
{
    public CloudEvent(TData data) => Data = data;

    public TData Data { get; }

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; } = "application/json";
}

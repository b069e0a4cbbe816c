namespace Dapr;

/// <summary>How an endpoint subscribes to a topic.</summary>
public class TopicOptions
{
    public IDictionary<string, string>? Metadata;

    public string Name { get; set; } = "";

    public string PubsubName { get; set; } = "";

    public bool EnableRawPayload { get; set; }

    public string? Match { get; set; }

    public int Priority { get; set; }

    public string[]? OwnedMetadatas { get; set; }

    public string? MetadataSeparator { get; set; }

    public string? DeadLetterTopic { get; set; }
}

/// <summary>What holds for every subscription of an app.</summary>
public class SubscribeOptions
{
    public bool EnableRawPayload { get; set; }
}

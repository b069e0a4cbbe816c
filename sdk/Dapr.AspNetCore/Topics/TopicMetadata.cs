namespace Dapr;

/// <summary>The topic that an endpoint listens to.</summary>
public interface ITopicMetadata
{
    string Name { get; }

    string PubsubName { get; }

    /// <summary>The CEL expression that an event must match to come here, or null for the default route.</summary>
    string? Match { get; }

    int Priority { get; }
}

/// <summary>Whether the events of a topic come without an envelope.</summary>
public interface IRawTopicMetadata
{
    bool? EnableRawPayload { get; }
}

/// <summary>Where the events go that nobody could handle.</summary>
public interface IDeadLetterTopicMetadata
{
    string? DeadLetterTopic { get; }
}

/// <summary>Metadata of a subscription.</summary>
public interface IOriginalTopicMetadata
{
    string? Id { get; }

    string Name { get; }

    string Value { get; }
}

/// <summary>Which metadata belongs to a topic of an endpoint with several.</summary>
public interface IOwnedOriginalTopicMetadata
{
    string[]? OwnedMetadatas { get; }

    string? MetadataSeparator { get; }
}

namespace Dapr.AspNetCore;

/// <summary>Says that the events of a topic come several at a time.</summary>
public interface IBulkSubscribeMetadata
{
    int MaxMessagesCount { get; }

    int MaxAwaitDurationMs { get; }

    string TopicName { get; }
}

/// <summary>Asks for the events of a topic several at a time.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public class BulkSubscribeAttribute : Attribute, IBulkSubscribeMetadata
{
    internal const int DefaultMaxMessagesCount = 100;
    internal const int DefaultMaxAwaitDurationMs = 1000;

    public BulkSubscribeAttribute(string topicName) : this(topicName, DefaultMaxMessagesCount)
    {
    }

    public BulkSubscribeAttribute(string topicName, int maxMessagesCount) : this(topicName, maxMessagesCount, DefaultMaxAwaitDurationMs)
    {
    }

    public BulkSubscribeAttribute(string topicName, int maxMessagesCount, int maxAwaitDurationMs)
    {
        TopicName = topicName;
        MaxMessagesCount = maxMessagesCount;
        MaxAwaitDurationMs = maxAwaitDurationMs;
    }

    public string TopicName { get; }

    public int MaxMessagesCount { get; }

    public int MaxAwaitDurationMs { get; }
}

/// <summary>How an endpoint gets the events of a topic several at a time.</summary>
public class BulkSubscribeTopicOptions
{
    public string TopicName { get; set; } = "";

    public int MaxMessagesCount { get; set; } = BulkSubscribeAttribute.DefaultMaxMessagesCount;

    public int MaxAwaitDurationMs { get; set; } = BulkSubscribeAttribute.DefaultMaxAwaitDurationMs;
}

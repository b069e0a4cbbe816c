namespace Dapr;

/// <summary>Adds metadata to the subscription of an endpoint.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public class TopicMetadataAttribute : Attribute, IOriginalTopicMetadata
{
    public TopicMetadataAttribute(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        Value = value;
    }

    public TopicMetadataAttribute(string? id, string name, string value) : this(name, value) => Id = id;

    public string? Id { get; }

    public string Name { get; }

    public string Value { get; }
}

// As in the package, nothing here says what may be null: MVC would require every member that may not,
// and refuse an event whose metadata is null.
#nullable disable annotations
namespace Dapr.AspNetCore;

/// <summary>Several events of one topic.</summary>
public class BulkSubscribeMessage<TValue>
{
    public BulkSubscribeMessage() : this([], "", [])
    {
    }

    public BulkSubscribeMessage(List<BulkSubscribeMessageEntry<TValue>> entries, string topic, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Topic = topic;
        Metadata = metadata;
    }

    public List<BulkSubscribeMessageEntry<TValue>> Entries { get; set; }

    public string Topic { get; set; }

    public Dictionary<string, string> Metadata { get; set; }
}

/// <summary>One of several events.</summary>
public class BulkSubscribeMessageEntry<TValue>
{
    public BulkSubscribeMessageEntry() : this("", "", [], default!) // the serializer fills it
    {
    }

    public BulkSubscribeMessageEntry(string entryId, string contentType, Dictionary<string, string> metadata, TValue eventData)
    {
        EntryId = entryId;
        ContentType = contentType;
        Metadata = metadata;
        Event = eventData;
    }

    public string EntryId { get; set; }

    public TValue Event { get; set; }

    public string ContentType { get; set; }

    public Dictionary<string, string> Metadata { get; set; }
}

/// <summary>The CloudEvent of one of several events.</summary>
public class BulkMessageModel<TValue>
{
    public BulkMessageModel() : this("", "", "", "", "", default!) // the serializer fills it
    {
    }

    public BulkMessageModel(string id, string source, string type, string specversion, string datacontenttype, TValue data)
    {
        Id = id;
        Source = source;
        Type = type;
        Specversion = specversion;
        Datacontenttype = datacontenttype;
        Data = data;
    }

    public string Id { get; set; }

    public string Source { get; set; }

    public string Type { get; set; }

    public string Specversion { get; set; }

    public string Datacontenttype { get; set; }

    public TValue Data { get; set; }
}

/// <summary>What became of each of several events.</summary>
public class BulkSubscribeAppResponse
{
    public BulkSubscribeAppResponse(List<BulkSubscribeAppResponseEntry> statuses) => Statuses = statuses;

    public List<BulkSubscribeAppResponseEntry> Statuses { get; }
}

/// <summary>What became of one event.</summary>
public class BulkSubscribeAppResponseEntry
{
    public BulkSubscribeAppResponseEntry(string entryId, BulkSubscribeAppResponseStatus status)
    {
        EntryId = entryId;
        Status = status.ToString();
    }

    public string EntryId { get; }

    public string Status { get; }
}

/// <summary>What the sidecar does with an event next.</summary>
public enum BulkSubscribeAppResponseStatus
{
    SUCCESS,
    RETRY,
    DROP,
}

namespace Dapr.Client;

/// <summary>One event of a bulk publish.</summary>
public class BulkPublishEntry<TValue>
{
    public BulkPublishEntry(string entryId, TValue eventData, string contentType, IReadOnlyDictionary<string, string>? metadata = null)
    {
        EntryId = entryId;
        EventData = eventData;
        ContentType = contentType;
        Metadata = metadata;
    }

    public string EntryId { get; }

    public TValue EventData { get; }

    public string ContentType { get; }

    public IReadOnlyDictionary<string, string>? Metadata { get; }
}

/// <summary>Which events of a bulk publish failed.</summary>
public class BulkPublishResponse<TValue>
{
    public BulkPublishResponse(List<BulkPublishResponseFailedEntry<TValue>> failedEntries) => FailedEntries = failedEntries;

    public List<BulkPublishResponseFailedEntry<TValue>> FailedEntries { get; }
}

/// <summary>An event that was not published, and why.</summary>
public class BulkPublishResponseFailedEntry<TValue>
{
    public BulkPublishResponseFailedEntry(BulkPublishEntry<TValue> entry, string errorMessage)
    {
        Entry = entry;
        ErrorMessage = errorMessage;
    }

    public BulkPublishEntry<TValue> Entry { get; }

    public string ErrorMessage { get; }
}

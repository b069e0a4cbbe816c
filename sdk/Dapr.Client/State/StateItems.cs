namespace Dapr.Client;

/// <summary>A key of a bulk read with its JSON text and ETag.</summary>
public readonly struct BulkStateItem
{
    public BulkStateItem(string key, string value, string etag)
    {
        Key = key;
        Value = value;
        ETag = etag;
    }

    public string Key { get; }

    public string Value { get; }

    public string ETag { get; }
}

/// <summary>A key of a bulk read with its value and ETag.</summary>
public readonly struct BulkStateItem<TValue>
{
    public BulkStateItem(string key, TValue value, string etag)
    {
        Key = key;
        Value = value;
        ETag = etag;
    }

    public string Key { get; }

    public TValue Value { get; }

    public string ETag { get; }
}

/// <summary>A key and value of a bulk save.</summary>
public readonly struct SaveStateItem<TValue>
{
    public SaveStateItem(string key, TValue value, string? etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Key = key;
        Value = value;
        ETag = etag!; // oblivious in the package: null means no check
        StateOptions = stateOptions;
        Metadata = metadata;
    }

    public string Key { get; }

    public TValue Value { get; }

    public string ETag { get; }

    public StateOptions? StateOptions { get; }

    public IReadOnlyDictionary<string, string>? Metadata { get; }
}

/// <summary>A key of a bulk delete.</summary>
public readonly struct BulkDeleteStateItem
{
    public BulkDeleteStateItem(string key, string? etag, StateOptions? stateOptions = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Key = key;
        ETag = etag!; // oblivious in the package: null means no check
        StateOptions = stateOptions;
        Metadata = metadata;
    }

    public string Key { get; }

    public string ETag { get; }

    public StateOptions? StateOptions { get; }

    public IReadOnlyDictionary<string, string>? Metadata { get; }
}

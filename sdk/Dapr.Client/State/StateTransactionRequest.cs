namespace Dapr.Client;

/// <summary>One operation of a state transaction; the value is the JSON to store.</summary>
public sealed class StateTransactionRequest
{
    public StateOptions? Options;

    public StateTransactionRequest(
        string key,
        byte[]? value,
        StateOperationType operationType,
        string? etag = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        StateOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        Key = key;
        Value = value;
        OperationType = operationType;
        ETag = etag;
        Metadata = metadata;
        Options = options;
    }

    public string Key { get; }

    public byte[]? Value { get; set; }

    public StateOperationType? OperationType { get; set; }

    public string? ETag { get; set; }

    public IReadOnlyDictionary<string, string>? Metadata { get; set; }
}

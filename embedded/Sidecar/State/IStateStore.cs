using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.State;

/// <summary>A key-value store. Keys are as they are stored: whoever calls puts the prefix before them.</summary>
public interface IStateStore : IComponent
{
    StateSettings Settings { get; }

    /// <summary>A bulk get answers a key that is asked for again with an empty entry, as daprd's SQL stores do.</summary>
    bool AnswersKeyOnce => false;

    /// <summary>The live value of a key; null when there is none or it has expired.</summary>
    ValueTask<StateItem?> GetAsync(string key, CancellationToken ct);

    /// <summary>The live values in the order of the keys, all from one moment.</summary>
    ValueTask<IReadOnlyList<StateItem?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken ct);

    /// <summary>Runs one upsert or delete; completes when it is as durable as the store can make it.</summary>
    /// <exception cref="ETagMismatchException">The operation's condition does not hold.</exception>
    /// <exception cref="StateStoreException">The operation's options or TTL are not valid.</exception>
    Task RunAsync(StateOperation operation, CancellationToken ct);

    /// <summary>Runs all operations in order, or none of them.</summary>
    /// <exception cref="ETagMismatchException">The condition of one operation does not hold.</exception>
    /// <exception cref="StateStoreException">The options or TTL of one operation are not valid.</exception>
    Task TransactAsync(IReadOnlyList<StateOperation> operations, CancellationToken ct);
}

/// <summary>What a store has for a key.</summary>
/// <param name="Expires">Null: never.</param>
public sealed record StateItem(byte[] Value, string ETag, DateTimeOffset? Expires);

public enum StateOperationKind
{
    Upsert,
    Delete,
}

/// <summary>One write. <see cref="Concurrency"/>, <see cref="Consistency"/> and the TTL are checked by the store.</summary>
public sealed record StateOperation(StateOperationKind Kind, string Key)
{
    /// <summary>What is stored by an upsert; JSON unless <see cref="IsBinary"/>.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The value is bytes of any kind, not JSON text.</summary>
    public bool IsBinary { get; init; }

    /// <summary>The ETag the key must have; null or empty: any.</summary>
    public string? ETag { get; init; }

    public string? Concurrency { get; init; }

    public string? Consistency { get; init; }

    /// <summary>The text of <c>ttlInSeconds</c>; null or empty: no expiry.</summary>
    public string? TtlInSeconds { get; init; }

    public bool HasETag => !string.IsNullOrEmpty(ETag);

    public bool IsFirstWrite => Concurrency == "first-write";

    public static StateOperation Upsert(string key, ReadOnlyMemory<byte> value, int? ttlInSeconds = null) =>
        new(StateOperationKind.Upsert, key)
        {
            Value = value,
            TtlInSeconds = ttlInSeconds?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };

    public static StateOperation Delete(string key) => new(StateOperationKind.Delete, key);
}

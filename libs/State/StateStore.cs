namespace DaprMesh.State;

/// <summary>One kind of document in the service's own Dapr state store, with its indexes and its events.</summary>
public sealed class StateStore<T> where T : class
{
    internal StateStore()
    {
    }

    /// <summary>The document; null when there is none.</summary>
    public Task<T?> FindAsync(string id, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The document with its ETag; null when there is none.</summary>
    public Task<Stored<T>?> FindWithETagAsync(string id, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>The documents that there are, in the order of the ids.</summary>
    public Task<IReadOnlyList<T>> FindManyAsync(IReadOnlyList<string> ids, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Saves a new document. There is one already: refused, <c>type.exists</c>.</summary>
    public Task<Decision<T>> CreateAsync(string id, Decision<T> decision, CancellationToken ct) => CreateAsync(id, decision, null, ct);

    /// <summary>Saves a new document, once for an idempotency key: a repeat is <c>Unchanged</c> with what the first call saved.</summary>
    public Task<Decision<T>> CreateAsync(string id, Decision<T> decision, IdempotencyKey? once, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Decides on the document as it is and saves the outcome. <paramref name="decide"/> may be called again, so it has to be pure.</summary>
    public Task<Decision<T>> UpdateAsync(string id, Func<T, Decision<T>> decide, CancellationToken ct) => UpdateAsync(id, decide, IfMatch.Any, null, ct);

    /// <summary>The same, if the document is still what the caller read.</summary>
    public Task<Decision<T>> UpdateAsync(string id, Func<T, Decision<T>> decide, IfMatch ifMatch, CancellationToken ct) => UpdateAsync(id, decide, ifMatch, null, ct);

    /// <summary>The same, once for an idempotency key.</summary>
    public Task<Decision<T>> UpdateAsync(string id, Func<T, Decision<T>> decide, IfMatch ifMatch, IdempotencyKey? once, CancellationToken ct) =>
        throw new NotSupportedException();

    /// <summary>Creates the document or changes it; <paramref name="decide"/> gets null when there is none.</summary>
    public Task<Decision<T>> SaveAsync(string id, Func<T?, Decision<T>> decide, IdempotencyKey? once, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Removes the document when the decision is <c>Changed</c>, and tells its events.</summary>
    public Task<Decision<T>> DeleteAsync(string id, Func<T, Decision<T>> decide, CancellationToken ct) => DeleteAsync(id, decide, IfMatch.Any, ct);

    /// <summary>The same, if the document is still what the caller read.</summary>
    public Task<Decision<T>> DeleteAsync(string id, Func<T, Decision<T>> decide, IfMatch ifMatch, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>A page of the documents with a value of an index, in the index's order; null when no list of these gave the cursor.</summary>
    public Task<Page<T>?> ListAsync(string index, string value, PageRequest page, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>All documents with a value of an index, in the index's order, read as they are needed.</summary>
    public IAsyncEnumerable<T> ListAllAsync(string index, string value, CancellationToken ct) => throw new NotSupportedException();
}

using System.Runtime.CompilerServices;
using DaprMesh.State.Commits;
using DaprMesh.State.Indexes;
using DaprMesh.State.Outbox;

namespace DaprMesh.State;

/// <summary>One kind of document in the service's own Dapr state store, with its indexes and its events.</summary>
public sealed class StateStore<T> where T : class
{
    private const int AtOnce = 200;
    private readonly StoreContext<T> _store;
    private readonly IReadOnlyList<Lane<T>> _lanes;

    internal StateStore(StoreContext<T> store, Func<EventLog> newLog)
    {
        _store = store;
        _lanes = [.. Enumerable.Range(0, store.Shards).Select(shard => new Lane<T>(store, shard, newLog()))];
    }

    internal IReadOnlyList<Lane<T>> Lanes => _lanes;

    internal StoreContext<T> Context => _store;

    /// <summary>The document; null when there is none.</summary>
    public async Task<T?> FindAsync(string id, CancellationToken ct) => (await FindWithETagAsync(id, ct))?.State;

    /// <summary>The document with its ETag; null when there is none.</summary>
    public async Task<Stored<T>?> FindWithETagAsync(string id, CancellationToken ct) =>
        IsId(id) && await _store.Table.FindAsync(_store.DocumentKey(id), ct) is { } cell ? DocumentJson.Read(cell.Json.Span, _store.Type) : null;

    /// <summary>What is said of a document that there is not.</summary>
    public Refusal Missing(string id) => Refusals.Missing(_store.Prefix, id);

    /// <summary>The documents that there are, in the order of the ids.</summary>
    public async Task<IReadOnlyList<T>> FindManyAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        var cells = await _store.Table.ReadAsync([.. ids.Where(IsId).Distinct().Select(_store.DocumentKey)], ct);
        return [.. ids.Select(id => cells.GetValueOrDefault(_store.DocumentKey(id))).OfType<Cell>().Select(cell => DocumentJson.Read(cell.Json.Span, _store.Type).State)];
    }

    /// <summary>Saves a new document. There is one already: refused, <c>type.exists</c>.</summary>
    public Task<Decision<T>> CreateAsync(string id, Decision<T> decision, CancellationToken ct) => CreateAsync(id, decision, null, ct);

    /// <summary>Saves a new document, once for an idempotency key: a repeat is <c>Unchanged</c> with what the first call saved.</summary>
    public Task<Decision<T>> CreateAsync(string id, Decision<T> decision, IdempotencyKey? once, CancellationToken ct) =>
        decision is Decision<T>.Changed ? RunAsync(CommandKind.Create, id, _ => decision, IfMatch.Any, once, ct) : Task.FromResult(decision);

    /// <summary>Decides on the document as it is and saves the outcome. <paramref name="decide"/> may be called again, so it has to be pure.</summary>
    public Task<Decision<T>> UpdateAsync(string id, Func<T, Decision<T>> decide, CancellationToken ct) => UpdateAsync(id, decide, IfMatch.Any, null, ct);

    /// <summary>The same, if the document is still what the caller read.</summary>
    public Task<Decision<T>> UpdateAsync(string id, Func<T, Decision<T>> decide, IfMatch ifMatch, CancellationToken ct) => UpdateAsync(id, decide, ifMatch, null, ct);

    /// <summary>The same, once for an idempotency key.</summary>
    public Task<Decision<T>> UpdateAsync(string id, Func<T, Decision<T>> decide, IfMatch ifMatch, IdempotencyKey? once, CancellationToken ct) =>
        RunAsync(CommandKind.Update, id, state => decide(state!), ifMatch, once, ct); // an update without a document is refused before

    /// <summary>Creates the document or changes it; <paramref name="decide"/> gets null when there is none.</summary>
    public Task<Decision<T>> SaveAsync(string id, Func<T?, Decision<T>> decide, CancellationToken ct) => SaveAsync(id, decide, null, ct);

    /// <summary>The same, once for an idempotency key.</summary>
    public Task<Decision<T>> SaveAsync(string id, Func<T?, Decision<T>> decide, IdempotencyKey? once, CancellationToken ct) =>
        RunAsync(CommandKind.Save, id, decide, IfMatch.Any, once, ct);

    /// <summary>Removes the document when the decision is <c>Changed</c>, and tells its events.</summary>
    public Task<Decision<T>> DeleteAsync(string id, Func<T, Decision<T>> decide, CancellationToken ct) => DeleteAsync(id, decide, IfMatch.Any, ct);

    /// <summary>The same, if the document is still what the caller read.</summary>
    public Task<Decision<T>> DeleteAsync(string id, Func<T, Decision<T>> decide, IfMatch ifMatch, CancellationToken ct) =>
        RunAsync(CommandKind.Delete, id, state => decide(state!), ifMatch, once: null, ct); // nor is there a deletion without one

    /// <summary>A page of the documents with a value of an index, in the index's order; null when no list of these gave the cursor.</summary>
    public async Task<Page<T>?> ListAsync(string index, string value, PageRequest page, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(page);
        var list = List(index, value);
        if (!Cursor.TryRead(page.Cursor, list.Scope, out var after))
        {
            return null;
        }

        var found = new List<(IndexEntry Entry, T State)>(page.Size + 1);
        await foreach (var document in list.AfterAsync(after, page.Size + 1, ct)) // one more, to know whether there is one
        {
            found.Add(document);
            if (found.Count > page.Size)
            {
                break;
            }
        }

        var next = found.Count > page.Size ? Cursor.Of(found[page.Size - 1].Entry, list.Scope) : null;
        return new Page<T>([.. found.Take(page.Size).Select(document => document.State)], next);
    }

    /// <summary>All documents with a value of an index, in the index's order, read as they are needed.</summary>
    public async IAsyncEnumerable<T> ListAllAsync(string index, string value, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var (_, state) in List(index, value).AfterAsync(after: null, AtOnce, ct))
        {
            yield return state;
        }
    }

    /// <summary>Waits until the events of all that this process has saved so far are published.</summary>
    public Task PublishedAsync(CancellationToken ct) => Task.WhenAll(_lanes.Select(lane => lane.Log.Publisher.IdleAsync())).WaitAsync(ct);

    /// <summary>Ids come from outside, too; one that cannot be is one that is not there. Dapr itself keeps two bars for its own use.</summary>
    private static bool IsId(string id) => id.Length is > 0 and <= 200 && !id.Contains("||", StringComparison.Ordinal) && !id.Any(char.IsControl);

    private IndexList<T> List(string index, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var definition = _store.Indexes.FirstOrDefault(each => each.Name == index)
            ?? throw new ArgumentException($"{_store.Prefix} has no index {index}.", nameof(index));
        return new IndexList<T>(_store, definition, value);
    }

    private Task<Decision<T>> RunAsync(
        CommandKind kind, string id, Func<T?, Decision<T>> decide, IfMatch ifMatch, IdempotencyKey? once, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(decide);
        ArgumentNullException.ThrowIfNull(ifMatch);
        ct.ThrowIfCancellationRequested();
        var command = new Command<T>(kind, id, decide, ifMatch, once, ct);
        if (!IsId(id))
        {
            return kind is CommandKind.Update or CommandKind.Delete
                ? Task.FromResult<Decision<T>>(Refusals.Of(command, current: null, _store.Prefix) ?? throw new InvalidOperationException())
                : throw new ArgumentException($"{id} cannot be the id of a document.", nameof(id));
        }

        return _lanes[_store.ShardOf(id)].RunAsync(command, ct);
    }
}

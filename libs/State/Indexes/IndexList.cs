using System.Runtime.CompilerServices;
using DaprMesh.State.Commits;

namespace DaprMesh.State.Indexes;

/// <summary>The documents with a value of an index, from all shards in one order.</summary>
internal sealed class IndexList<T>(StoreContext<T> store, IndexDefinition<T> index, string value) where T : class
{
    public string Scope => $"{store.Prefix}.{index.Name}:{value}";

    /// <summary>Documents behind a place, read some at a time. One that has left the list since its entry was read is not among them.</summary>
    /// <param name="atOnce">How many to read at a time.</param>
    public async IAsyncEnumerable<(IndexEntry Entry, T State)> AfterAsync(IndexEntry? after, int atOnce, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var entries = await EntriesAsync(after, atOnce, ct);
            var cells = await store.Table.ReadAsync([.. entries.Select(entry => store.DocumentKey(entry.Id)).Distinct()], ct);
            foreach (var entry in entries)
            {
                if (cells.TryGetValue(store.DocumentKey(entry.Id), out var cell)
                    && DocumentJson.Read(cell.Json.Span, store.Type).State is { } state
                    && index.Value(state) == value && index.Order(state) == entry.Order)
                {
                    yield return (entry, state);
                }
            }

            if (entries.Count < atOnce)
            {
                yield break;
            }

            after = entries[^1];
        }
    }

    private async Task<List<IndexEntry>> EntriesAsync(IndexEntry? after, int count, CancellationToken ct)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, store.Shards).Select(shard =>
            new IndexReader(store.Table, store.IndexKey(index.Name, value, shard)).TakeAsync(after, count, ct)));
        return shards.Length == 1 ? shards[0] : [.. shards.SelectMany(entries => entries).Order().Take(count)];
    }
}

using Dapr.Client;
using DaprMesh.State.Commits;

namespace DaprMesh.State.Indexes;

/// <summary>What the changed documents of a batch change in the indexes of their shard.</summary>
internal sealed class IndexChanges<T> where T : class
{
    private readonly Dictionary<string, TreeChange> _trees = new(StringComparer.Ordinal);

    public IndexChanges(StoreContext<T> store, int shard, IReadOnlyList<Draft<T>> drafts)
    {
        foreach (var draft in drafts)
        {
            foreach (var index in store.Indexes)
            {
                var before = Place(index, draft.Id, draft.Before);
                var after = Place(index, draft.Id, draft.Current?.State);
                if (before == after)
                {
                    continue;
                }

                if (before is { } old)
                {
                    Tree(store.IndexKey(index.Name, old.Value, shard)).Remove(old.Entry);
                }

                if (after is { } now)
                {
                    Tree(store.IndexKey(index.Name, now.Value, shard)).Add(now.Entry);
                }
            }
        }
    }

    /// <summary>The keys to read before the operations are known; none: they are.</summary>
    public IEnumerable<string> Wanted() => _trees.Values.SelectMany(tree => tree.Wanted());

    public void Take(IReadOnlyDictionary<string, Cell> cells)
    {
        foreach (var tree in _trees.Values)
        {
            tree.Take(cells);
        }
    }

    public IEnumerable<StateTransactionRequest> Operations() => _trees.Values.SelectMany(tree => tree.Operations());

    private static (string Value, IndexEntry Entry)? Place(IndexDefinition<T> index, string id, T? state) =>
        state is not null && index.Value(state) is { } value ? (value, new IndexEntry(index.Order(state), id)) : null;

    private TreeChange Tree(string key)
    {
        if (!_trees.TryGetValue(key, out var tree))
        {
            _trees[key] = tree = new TreeChange(key);
        }

        return tree;
    }
}

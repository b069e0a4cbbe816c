using System.Globalization;
using Dapr.Client;
using DaprMesh.State.Commits;

namespace DaprMesh.State.Indexes;

/// <summary>The changes of one transaction to the list of one value in one shard.</summary>
internal sealed class TreeChange(string key)
{
    private readonly SortedSet<IndexEntry> _added = [];
    private readonly HashSet<IndexEntry> _removed = [];
    private readonly Dictionary<long, OpenLeaf> _leaves = [];
    private readonly HashSet<string> _wanted = [key];
    private IndexNode? _root;
    private string? _rootETag;
    private bool _rootChanged;

    public static string LeafKey(string root, long number) => string.Create(CultureInfo.InvariantCulture, $"{root}:{number}");

    public void Add(IndexEntry entry)
    {
        _removed.Remove(entry);
        _added.Add(entry);
    }

    public void Remove(IndexEntry entry)
    {
        _added.Remove(entry);
        _removed.Add(entry);
    }

    public IEnumerable<string> Wanted() => _wanted;

    public void Take(IReadOnlyDictionary<string, Cell> cells)
    {
        if (_wanted.Count == 0)
        {
            return;
        }

        if (_root is null)
        {
            _wanted.Clear();
            var cell = cells.GetValueOrDefault(key);
            _rootETag = cell?.ETag;
            _root = cell is null ? new IndexNode() : IndexNode.Read(cell.Json);
        }
        else if (!TakeLeaves(cells))
        {
            // The root is older than the leaves: from the start.
            _root = null;
            _rootChanged = false;
            _leaves.Clear();
            _wanted.Clear();
            _wanted.Add(key);
            return;
        }

        Apply();
    }

    public IEnumerable<StateTransactionRequest> Operations()
    {
        foreach (var (number, leaf) in _leaves)
        {
            if (leaf.IsDeleted)
            {
                yield return StateTable.Delete(LeafKey(key, number), leaf.ETag);
            }
            else if (leaf.IsChanged)
            {
                yield return StateTable.Upsert(LeafKey(key, number), leaf.Node.Write(), leaf.ETag);
            }
        }

        if (!_rootChanged || _root is null)
        {
            yield break;
        }

        if (_root is { Leaves: null, Entries.Count: 0 })
        {
            if (_rootETag is not null)
            {
                yield return StateTable.Delete(key, _rootETag);
            }
        }
        else
        {
            yield return StateTable.Upsert(key, _root.Write(), _rootETag);
        }
    }

    private bool TakeLeaves(IReadOnlyDictionary<string, Cell> cells)
    {
        var leaves = _root?.Leaves ?? [];
        foreach (var (place, (number, from)) in leaves.Index())
        {
            var leafKey = LeafKey(key, number);
            if (!_wanted.Remove(leafKey))
            {
                continue;
            }

            var to = place + 1 < leaves.Count ? leaves[place + 1].From : null;
            if (!cells.TryGetValue(leafKey, out var cell) || IndexNode.Read(cell.Json) is not { } node || node.From != from || node.To != to)
            {
                return false;
            }

            _leaves[number] = new OpenLeaf(node, cell.ETag);
        }

        return true;
    }

    /// <summary>Puts the changes where they belong, or names the leaves that have to be read for it.</summary>
    private void Apply()
    {
        if (_root is not { } root)
        {
            return;
        }

        if (root.Leaves is not { } leaves)
        {
            _rootChanged = Change(root.Entries, _added, _removed);
            if (root.Entries.Count > TreeShape.MostEntries)
            {
                root.Leaves = [];
                _leaves[0] = new OpenLeaf(new IndexNode { Entries = [.. root.Entries] }, null) { IsChanged = true };
                root.Leaves.Add((0, null));
                root.Next = 1;
                root.Entries.Clear();
                TreeShape.Split(root, _leaves);
            }

            return;
        }

        foreach (var number in _added.Concat(_removed).Select(entry => leaves[IndexNode.Find(leaves, entry)].Number).Where(number => !_leaves.ContainsKey(number)))
        {
            _wanted.Add(LeafKey(key, number));
        }

        if (_wanted.Count > 0)
        {
            return;
        }

        foreach (var leaf in _added.Concat(_removed).GroupBy(entry => leaves[IndexNode.Find(leaves, entry)].Number))
        {
            var open = _leaves[leaf.Key];
            open.IsChanged |= Change(open.Node.Entries, leaf.Where(_added.Contains), leaf.Where(_removed.Contains));
            open.HasLost |= leaf.Any(_removed.Contains);
        }

        foreach (var number in TreeShape.Merge(root, _leaves, ref _rootChanged))
        {
            _wanted.Add(LeafKey(key, number));
        }

        if (_wanted.Count == 0)
        {
            _rootChanged |= TreeShape.Split(root, _leaves);
        }
    }

    private static bool Change(List<IndexEntry> entries, IEnumerable<IndexEntry> added, IEnumerable<IndexEntry> removed)
    {
        var isChanged = false;
        foreach (var entry in removed)
        {
            if (entries.BinarySearch(entry) is var place and >= 0)
            {
                entries.RemoveAt(place);
                isChanged = true;
            }
        }

        foreach (var entry in added)
        {
            if (entries.BinarySearch(entry) is var place and < 0)
            {
                entries.Insert(~place, entry);
                isChanged = true;
            }
        }

        return isChanged;
    }
}

/// <summary>A leaf in the hands of one transaction.</summary>
/// <param name="ETag">Null: it is new.</param>
internal sealed record OpenLeaf(IndexNode Node, string? ETag)
{
    public bool IsChanged { get; set; }

    /// <summary>It may have become so small that it is better joined with a neighbour.</summary>
    public bool HasLost { get; set; }

    public bool IsDeleted { get; set; }
}

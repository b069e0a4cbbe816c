namespace DaprMesh.State.Indexes;

/// <summary>Keeps leaves neither too full nor empty.</summary>
internal static class TreeShape
{
    public const int MostEntries = 64;

    /// <summary>What a leaf holds that no longer grows, with some room for what comes late.</summary>
    private const int Full = MostEntries * 3 / 4;

    /// <summary>A leaf that has lost entries and holds fewer is joined with a neighbour, if that has room.</summary>
    private const int Few = MostEntries / 8;

    /// <summary>Joins leaves that have become nearly empty with their neighbours.</summary>
    /// <returns>The leaves that have to be read for that.</returns>
    public static List<long> Merge(IndexNode root, Dictionary<long, OpenLeaf> open, ref bool rootChanged)
    {
        var leaves = root.Leaves ?? [];
        var wanted = new List<long>();
        for (var place = 0; place < leaves.Count && leaves.Count > 1;)
        {
            if (!open.TryGetValue(leaves[place].Number, out var leaf) || !leaf.HasLost || leaf.Node.Entries.Count >= Few)
            {
                place++;
                continue;
            }

            var neighbour = leaves[place > 0 ? place - 1 : 1].Number;
            if (!open.TryGetValue(neighbour, out var other))
            {
                wanted.Add(neighbour);
                place++;
                continue;
            }

            if (leaf.Node.Entries.Count + other.Node.Entries.Count > Full)
            {
                place++;
                continue;
            }

            if (place > 0)
            {
                other.Node.To = leaf.Node.To;
                other.Node.Entries.AddRange(leaf.Node.Entries);
            }
            else
            {
                other.Node.From = null;
                other.Node.Entries.InsertRange(0, leaf.Node.Entries);
                leaves[1] = (neighbour, null);
            }

            (other.IsChanged, other.HasLost, leaf.IsDeleted, rootChanged) = (true, true, true, true);
            leaves.RemoveAt(place);
            place = Math.Max(0, place - 1);
        }

        return wanted;
    }

    /// <summary>Cuts leaves that are too full. True: the root has changed.</summary>
    public static bool Split(IndexNode root, Dictionary<long, OpenLeaf> open)
    {
        var leaves = root.Leaves ?? [];
        var isChanged = false;
        for (var place = 0; place < leaves.Count; place++)
        {
            if (!open.TryGetValue(leaves[place].Number, out var leaf) || leaf.Node.Entries.Count <= MostEntries)
            {
                continue;
            }

            var pieces = Cut(leaf.Node.Entries, isFirst: place == 0, isLast: place == leaves.Count - 1);
            var to = leaf.Node.To;
            leaf.IsChanged = isChanged = true;
            for (var piece = pieces.Count - 1; piece > 0; piece--)
            {
                var node = new IndexNode { Entries = pieces[piece], From = pieces[piece][0], To = to };
                to = node.From;
                open[root.Next] = new OpenLeaf(node, null) { IsChanged = true };
                leaves.Insert(place + 1, (root.Next++, node.From));
            }

            leaf.Node.To = to;
            leaf.Node.Entries.RemoveRange(pieces[0].Count, leaf.Node.Entries.Count - pieces[0].Count);
            place += pieces.Count - 1;
        }

        return isChanged;
    }

    /// <summary>Lists grow at one end, mostly: there a short piece is left, and the others are full.</summary>
    private static List<List<IndexEntry>> Cut(List<IndexEntry> entries, bool isFirst, bool isLast)
    {
        var count = ((entries.Count - 1) / Full) + 1;
        var sizes = (isFirst, isLast) switch
        {
            (true, _) => [entries.Count - ((count - 1) * Full), .. Enumerable.Repeat(Full, count - 1)],
            (_, true) => [.. Enumerable.Repeat(Full, count - 1), entries.Count - ((count - 1) * Full)],
            _ => Enumerable.Range(0, count).Select(piece => (entries.Count * (piece + 1) / count) - (entries.Count * piece / count)).ToList(),
        };
        var start = 0;
        var pieces = new List<List<IndexEntry>>();
        foreach (var size in sizes)
        {
            pieces.Add(entries.GetRange(start, size));
            start += size;
        }

        return pieces;
    }
}

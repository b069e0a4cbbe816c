using System.Text.Json;
using DaprMesh.State.Commits;

namespace DaprMesh.State.Indexes;

/// <summary>Reads the list of one value in one shard from a place on. What writers change meanwhile is there as it was or as it becomes.</summary>
internal sealed class IndexReader(StateTable table, string root)
{
    private const int LeavesAtOnce = 4;
    private const int MaxAttempts = 20;

    /// <param name="after">Null: from the start.</param>
    public async Task<List<IndexEntry>> TakeAsync(IndexEntry? after, int count, CancellationToken ct)
    {
        var taken = new List<IndexEntry>();
        var place = new Place(after, IsIncluded: false);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await table.FindAsync(root, ct) is not { } cell)
            {
                return taken;
            }

            var node = IndexNode.Read(cell.Json);
            if (node.Leaves is not { } leaves)
            {
                Take(node.Entries, place, count, taken);
                return taken;
            }

            while (true)
            {
                var (next, read) = await TakeLeavesAsync(leaves, place, count, taken, ct);
                if (taken.Count == count || next is { IsEnd: true })
                {
                    return taken;
                }

                attempt = read ? 0 : attempt;
                place = next;
                if (!read)
                {
                    break; // leaves were split or joined since the root was read
                }
            }
        }

        throw new JsonException($"The index {root} does not fit together.");
    }

    /// <returns>Where to go on; and whether the root still fits the leaves.</returns>
    private async Task<(Place Next, bool Read)> TakeLeavesAsync(
        List<(long Number, IndexEntry? From)> leaves, Place place, int count, List<IndexEntry> taken, CancellationToken ct)
    {
        var first = place.Entry is { } entry ? IndexNode.Find(leaves, entry) : 0;
        var keys = leaves.Skip(first).Take(LeavesAtOnce).Select(leaf => TreeChange.LeafKey(root, leaf.Number)).ToList();
        var cells = await table.ReadAsync(keys, ct);
        foreach (var key in keys)
        {
            if (!cells.TryGetValue(key, out var cell) || IndexNode.Read(cell.Json) is not { } leaf || !place.IsIn(leaf))
            {
                return (place, false);
            }

            Take(leaf.Entries, place, count, taken);
            if (taken.Count == count)
            {
                return (place, true);
            }

            place = new Place(leaf.To, IsIncluded: true, IsEnd: leaf.To is null);
        }

        return (place, true);
    }

    private static void Take(List<IndexEntry> entries, Place place, int count, List<IndexEntry> taken) =>
        taken.AddRange(entries.Where(place.IsBefore).Take(count - taken.Count));

    /// <param name="Entry">Null: the start.</param>
    /// <param name="IsIncluded">The entry itself is still to come.</param>
    private readonly record struct Place(IndexEntry? Entry, bool IsIncluded, bool IsEnd = false)
    {
        public bool IsBefore(IndexEntry other) =>
            Entry is not { } entry || (entry.CompareTo(other) is var order && (order < 0 || (order == 0 && IsIncluded)));

        public bool IsIn(IndexNode leaf) => Entry is { } entry
            ? (leaf.From is not { } from || from.CompareTo(entry) <= 0) && (leaf.To is not { } to || entry.CompareTo(to) < 0)
            : leaf.From is null;
    }
}

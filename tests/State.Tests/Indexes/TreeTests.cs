using Dapr.Client;
using DaprMesh.State.Commits;
using DaprMesh.State.Indexes;

namespace DaprMesh.State.Tests.Indexes;

/// <summary>The list of one value, against a sorted set, over thousands of changes that split and join its leaves.</summary>
public sealed class TreeTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_list_holds_what_was_added_and_not_removed_in_order(int seed)
    {
        var random = new Random(seed);
        var cells = new Dictionary<string, Cell>(StringComparer.Ordinal);
        var expected = new SortedSet<IndexEntry>();
        var shapes = new HashSet<int>();
        for (var step = 0; step < 300; step++)
        {
            var change = new TreeChange("list");
            var isGrowing = step % 150 < 80;
            for (var i = random.Next(1, 65); i > 0; i--)
            {
                if (isGrowing || expected.Count == 0)
                {
                    var entry = seed == 1
                        ? new IndexEntry($"{(1_000_000 - (step * 100) - i):0000000}", $"{step}-{i}") // newest first
                        : new IndexEntry($"{random.Next(1000):0000}", $"{step}-{i}");
                    change.Add(entry);
                    expected.Add(entry);
                }
                else
                {
                    var entry = seed == 2 ? expected.Max : expected.ElementAt(random.Next(expected.Count));
                    change.Remove(entry);
                    expected.Remove(entry);
                }
            }

            Commit(change, cells);
            shapes.Add(cells.Count);
        }

        Assert.Equal(expected, Walk(cells));
        Assert.True(shapes.Max() > 20, "The list has never had many leaves.");
        Assert.True(cells.Count < 5 + (expected.Count * 8 / TreeShape.MostEntries), $"{cells.Count} keys are left for {expected.Count} entries.");
    }

    [Fact]
    public void Odd_orders_and_ids_come_back_as_they_were()
    {
        List<IndexEntry> odd = [new("", "1"), new(" ", "a b"), new("50 % \"off\" \\", "x"), new("\u00FCber|all\n", "%20"), new("<&>", "\U0001F600")];
        odd.Sort();
        var node = new IndexNode { Entries = odd, From = odd[0], To = new IndexEntry("z z", "9") };

        var read = IndexNode.Read(node.Write());

        Assert.Equal(odd, read.Entries);
        Assert.Equal((node.From, node.To), (read.From, read.To));
        var root = IndexNode.Read(new IndexNode { Next = 3, Leaves = [(0, null), (2, odd[0]), (1, odd[4])] }.Write());
        Assert.Equal([(0L, null), (2L, odd[0]), (1L, (IndexEntry?)odd[4])], root.Leaves);
    }

    private static void Commit(TreeChange change, Dictionary<string, Cell> cells)
    {
        while (change.Wanted().Any())
        {
            change.Take(change.Wanted().Where(cells.ContainsKey).ToDictionary(key => key, key => cells[key]));
        }

        foreach (var operation in change.Operations())
        {
            Assert.Equal(cells.GetValueOrDefault(operation.Key)?.ETag, operation.ETag);
            if (operation.OperationType == StateOperationType.Delete)
            {
                cells.Remove(operation.Key);
            }
            else
            {
                cells[operation.Key] = new Cell(operation.Value, Guid.NewGuid().ToString());
            }
        }
    }

    private static List<IndexEntry> Walk(Dictionary<string, Cell> cells)
    {
        if (!cells.TryGetValue("list", out var cell))
        {
            return [];
        }

        var root = IndexNode.Read(cell.Json);
        if (root.Leaves is null)
        {
            return root.Entries;
        }

        var leaves = root.Leaves.Select(leaf => IndexNode.Read(cells[TreeChange.LeafKey("list", leaf.Number)].Json)).ToList();
        Assert.Equal(cells.Count - 1, leaves.Count);
        Assert.InRange(leaves.Max(leaf => leaf.Entries.Count), 0, TreeShape.MostEntries);
        Assert.All(leaves.Zip(leaves.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        return [.. leaves.SelectMany(leaf => leaf.Entries)];
    }
}

using System.Buffers;
using System.Text.Json;

namespace DaprMesh.State.Indexes;

/// <summary>
/// One key of an index. A short list is one root with all its entries; a long one is a root that names leaves, each for a range of entries, so that a
/// change rewrites a leaf and no more. A leaf knows its range, which tells whoever comes with an older root that it was split or removed meanwhile.
/// </summary>
internal sealed class IndexNode
{
    public List<IndexEntry> Entries { get; init; } = [];

    /// <summary>Of a root with leaves: their numbers, and the first entry that may be in each; null in the first.</summary>
    public List<(long Number, IndexEntry? From)>? Leaves { get; set; }

    /// <summary>Of a root with leaves: the number of the next one.</summary>
    public long Next { get; set; }

    /// <summary>Of a leaf: the first entry that may be in it; null: no limit.</summary>
    public IndexEntry? From { get; set; }

    /// <summary>Of a leaf: the first entry behind it; null: no limit.</summary>
    public IndexEntry? To { get; set; }

    /// <summary>The place of the leaf for an entry, in a root with leaves.</summary>
    public static int Find(List<(long Number, IndexEntry? From)> leaves, IndexEntry entry)
    {
        var (low, high) = (0, leaves.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (leaves[middle].From is { } from && from.CompareTo(entry) > 0)
            {
                high = middle - 1;
            }
            else
            {
                low = middle;
            }
        }

        return low;
    }

    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(256 + (Entries.Count * 64));
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        if (Leaves is { } leaves)
        {
            json.WriteNumber("next"u8, Next);
            json.WriteString("leaves"u8, IndexText.Of(leaves));
        }
        else
        {
            json.WriteString("from"u8, From is { } from ? IndexText.Of([from]) : "");
            json.WriteString("to"u8, To is { } to ? IndexText.Of([to]) : "");
            json.WriteString("entries"u8, IndexText.Of(Entries));
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static IndexNode Read(ReadOnlyMemory<byte> text)
    {
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        return root.TryGetProperty("leaves"u8, out var leaves)
            ? new IndexNode { Next = root.GetProperty("next"u8).GetInt64(), Leaves = IndexText.Leaves(leaves.GetString()) }
            : new IndexNode { From = Limit(root.GetProperty("from"u8)), To = Limit(root.GetProperty("to"u8)), Entries = IndexText.Entries(root.GetProperty("entries"u8).GetString()) };
    }

    private static IndexEntry? Limit(JsonElement text) => IndexText.Entries(text.GetString()) is [var entry] ? entry : null;
}

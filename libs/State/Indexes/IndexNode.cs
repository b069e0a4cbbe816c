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
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (Leaves is { } leaves)
        {
            json.WriteNumber("next"u8, Next);
            json.WriteStartArray("leaves"u8);
            foreach (var (number, from) in leaves)
            {
                json.WriteStartArray();
                json.WriteNumberValue(number);
                Write(json, from);
                json.WriteEndArray();
            }
        }
        else
        {
            json.WriteStartArray("from"u8);
            Write(json, From);
            json.WriteEndArray();
            json.WriteStartArray("to"u8);
            Write(json, To);
            json.WriteEndArray();
            json.WriteStartArray("entries"u8);
            foreach (var entry in Entries)
            {
                Write(json, entry);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static IndexNode Read(ReadOnlyMemory<byte> text)
    {
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        if (root.TryGetProperty("leaves"u8, out var leaves))
        {
            return new IndexNode
            {
                Next = root.GetProperty("next"u8).GetInt64(),
                Leaves = [.. leaves.EnumerateArray().Select(leaf => (leaf[0].GetInt64(), leaf.GetArrayLength() < 3 ? (IndexEntry?)null : Entry(leaf[1], leaf[2])))],
            };
        }

        return new IndexNode { From = Limit(root.GetProperty("from"u8)), To = Limit(root.GetProperty("to"u8)), Entries = ReadEntries(root.GetProperty("entries"u8)) };
    }

    private static List<IndexEntry> ReadEntries(JsonElement array)
    {
        var entries = new List<IndexEntry>(array.GetArrayLength() / 2);
        string? order = null;
        foreach (var text in array.EnumerateArray())
        {
            if (order is null)
            {
                order = text.GetString() ?? "";
            }
            else
            {
                entries.Add(new IndexEntry(order, text.GetString() ?? ""));
                order = null;
            }
        }

        return entries;
    }

    private static IndexEntry? Limit(JsonElement pair) => pair.GetArrayLength() < 2 ? null : Entry(pair[0], pair[1]);

    private static IndexEntry Entry(JsonElement order, JsonElement id) => new(order.GetString() ?? "", id.GetString() ?? "");

    private static void Write(Utf8JsonWriter json, IndexEntry? entry)
    {
        if (entry is { } some)
        {
            json.WriteStringValue(some.Order);
            json.WriteStringValue(some.Id);
        }
    }
}

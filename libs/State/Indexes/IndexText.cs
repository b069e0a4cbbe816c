using System.Globalization;
using System.Text;

namespace DaprMesh.State.Indexes;

/// <summary>
/// Many entries as one text, with a blank between order and id and between entries: on its way a long list is one string to each who parses it,
/// instead of hundreds.
/// </summary>
internal static class IndexText
{
    private const char Blank = ' ';

    public static string Of(List<IndexEntry> entries)
    {
        var text = new StringBuilder(entries.Count * 56);
        foreach (var (place, entry) in entries.Index())
        {
            Append(text, entry, isFirst: place == 0);
        }

        return text.ToString();
    }

    public static string Of(List<(long Number, IndexEntry? From)> leaves)
    {
        var text = new StringBuilder(leaves.Count * 64);
        foreach (var (number, from) in leaves)
        {
            if (text.Length > 0)
            {
                text.Append(Blank);
            }

            text.Append(number);
            Append(text, from ?? new IndexEntry("", ""), isFirst: false);
        }

        return text.ToString();
    }

    public static List<IndexEntry> Entries(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        var parts = text.Split(Blank);
        var entries = new List<IndexEntry>(parts.Length / 2);
        for (var at = 0; at + 1 < parts.Length; at += 2)
        {
            entries.Add(new IndexEntry(Unescape(parts[at]), Unescape(parts[at + 1])));
        }

        return entries;
    }

    public static List<(long Number, IndexEntry? From)> Leaves(string? text)
    {
        var parts = (text ?? "").Split(Blank);
        var leaves = new List<(long, IndexEntry?)>(parts.Length / 3);
        for (var at = 0; at + 2 < parts.Length; at += 3)
        {
            // No document's id is empty.
            var from = parts[at + 2].Length == 0 ? (IndexEntry?)null : new IndexEntry(Unescape(parts[at + 1]), Unescape(parts[at + 2]));
            leaves.Add((long.Parse(parts[at], CultureInfo.InvariantCulture), from));
        }

        return leaves;
    }

    private static void Append(StringBuilder text, IndexEntry entry, bool isFirst)
    {
        if (!isFirst)
        {
            text.Append(Blank);
        }

        text.Append(Escape(entry.Order)).Append(Blank).Append(Escape(entry.Id));
    }

    private static string Escape(string text) => text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.AsSpan().ContainsAny('%', '"', '\\')
        ? Uri.EscapeDataString(text)
        : text;

    private static string Unescape(string text) => text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
}

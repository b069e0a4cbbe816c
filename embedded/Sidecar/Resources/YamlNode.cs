namespace DaprMesh.Sidecar.Resources;

internal enum YamlKind
{
    Scalar,
    Map,
    List,
}

/// <summary>A value in a YAML document with the line it stands on.</summary>
internal sealed class YamlNode
{
    private YamlNode(YamlKind kind, int line)
    {
        Kind = kind;
        Line = line;
    }

    public YamlKind Kind { get; }

    public int Line { get; }

    /// <summary>A scalar as it is written; empty for maps and lists.</summary>
    public string Text { get; private init; } = "";

    /// <summary>A scalar without quotes, whose type is told by what it looks like.</summary>
    public bool IsPlain { get; private init; }

    public List<KeyValuePair<string, YamlNode>> Entries { get; private init; } = [];

    public List<YamlNode> Items { get; private init; } = [];

    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public static YamlNode Scalar(string text, bool isPlain, int line) => new(YamlKind.Scalar, line) { Text = text, IsPlain = isPlain };

    public static YamlNode Map(int line) => new(YamlKind.Map, line);

    public static YamlNode List(int line) => new(YamlKind.List, line);

    public YamlNode? Find(string name, StringComparison comparison = StringComparison.Ordinal)
    {
        foreach (var (key, value) in Entries)
        {
            if (string.Equals(key, name, comparison))
                return value;
        }

        return null;
    }

    /// <summary>Sets an entry; one of that name is replaced where it stands.</summary>
    public void Set(string name, YamlNode value)
    {
        var index = Entries.FindIndex(entry => entry.Key == name);
        if (index < 0)
            Entries.Add(KeyValuePair.Create(name, value));
        else
            Entries[index] = KeyValuePair.Create(name, value);
    }

    /// <summary>This document with a later one laid over it: maps are merged, everything else is replaced.</summary>
    public YamlNode MergedWith(YamlNode later)
    {
        if (Kind != YamlKind.Map || later.Kind != YamlKind.Map)
            return later;

        var merged = new YamlNode(YamlKind.Map, later.Line) { Entries = [.. Entries] };
        foreach (var (key, value) in later.Entries)
        {
            merged.Set(key, merged.Find(key)?.MergedWith(value) ?? value);
        }

        return merged;
    }
}

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DaprMesh.Sidecar.Resources;

/// <summary>
/// Reads one YAML document into nodes. It stands on YamlDotNet's event parser: its object deserializer costs
/// a fifth of a second of just-in-time compilation, which every start of a sidecar would pay.
/// </summary>
internal sealed class YamlText
{
    private const int MaxDepth = 64;

    private readonly Parser _parser;
    private readonly string _file;
    private readonly int _firstLine;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);

    private YamlText(string text, string file, int firstLine)
    {
        _parser = new Parser(new Scanner(new StringReader(text)));
        _file = file;
        _firstLine = firstLine;
    }

    /// <summary>The document, or null when there is nothing in it.</summary>
    /// <param name="firstLine">The line of the file that <paramref name="text"/> begins on.</param>
    /// <exception cref="ResourceFormatException">It is not YAML.</exception>
    public static YamlNode? Read(string text, string file, int firstLine = 1) => new YamlText(text, file, firstLine).ReadDocument();

    /// <summary>The documents of a file with the line each begins on. A document that cannot be read does not spoil the others.</summary>
    public static IEnumerable<(string Text, int FirstLine)> Split(string text)
    {
        var document = new System.Text.StringBuilder();
        var (line, first) = (0, 1);
        using var reader = new StringReader(text);
        while (reader.ReadLine() is { } current)
        {
            line++;
            if (line > 1 && current.StartsWith("---", StringComparison.Ordinal))
            {
                yield return (document.ToString(), first);
                document.Clear();
                first = line + 1;
                continue;
            }

            document.Append(current).Append('\n');
        }

        yield return (document.ToString(), first);
    }

    private YamlNode? ReadDocument()
    {
        try
        {
            _parser.Consume<StreamStart>();
            return _parser.TryConsume<DocumentStart>(out _) ? ReadNode(0) : null;
        }
        catch (YamlException e)
        {
            throw new ResourceFormatException(_file, LineOf(e.Start), field: null, e.InnerException?.Message ?? e.Message);
        }
    }

    private YamlNode ReadNode(int depth)
    {
        if (depth > MaxDepth)
            throw Error(_parser.Current!, "nested too deeply");

        var node = _parser.Consume<ParsingEvent>();
        return node switch
        {
            Scalar scalar => Anchored(scalar, YamlNode.Scalar(scalar.Value, scalar is { Style: ScalarStyle.Plain, Tag.IsEmpty: true }, LineOf(scalar.Start))),
            MappingStart start => ReadMap(start, depth),
            SequenceStart start => ReadList(start, depth),
            AnchorAlias alias => _anchors.GetValueOrDefault(alias.Value.Value) ?? throw Error(alias, $"unknown anchor '{alias.Value.Value}'"),
            _ => throw Error(node, "unexpected content"),
        };
    }

    private YamlNode ReadMap(MappingStart start, int depth)
    {
        var map = Anchored(start, YamlNode.Map(LineOf(start.Start)));
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            if (key.Kind != YamlKind.Scalar)
                throw new ResourceFormatException(_file, key.Line, field: null, "a key has to be a single value");

            var value = ReadNode(depth + 1);
            if (key is { Text: "<<", IsPlain: true })
                Merge(map, value);
            else
                map.Set(key.Text, value);
        }

        return map;
    }

    private YamlNode ReadList(SequenceStart start, int depth)
    {
        var list = Anchored(start, YamlNode.List(LineOf(start.Start)));
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            list.Items.Add(ReadNode(depth + 1));
        }

        return list;
    }

    /// <summary>YAML's merge key: entries the map does not have itself.</summary>
    private static void Merge(YamlNode map, YamlNode from)
    {
        foreach (var source in from.Kind == YamlKind.List ? from.Items : [from])
        {
            foreach (var (key, value) in source.Entries)
            {
                if (map.Find(key) is null)
                    map.Set(key, value);
            }
        }
    }

    private YamlNode Anchored(NodeEvent at, YamlNode node)
    {
        if (!at.Anchor.IsEmpty)
            _anchors[at.Anchor.Value] = node;

        return node;
    }

    private ResourceFormatException Error(ParsingEvent at, string problem) => new(_file, LineOf(at.Start), field: null, problem);

    private int LineOf(Mark mark) => (int)mark.Line + _firstLine - 1;
}

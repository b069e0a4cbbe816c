using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace DaprMesh.Sidecar.Json;

/// <summary>One object or array as a list of nodes that point into the text, its members in the order they are written in.</summary>
internal ref struct GoJsonTree(ReadOnlySpan<byte> json)
{
    private const int None = -1;

    private readonly ReadOnlySpan<byte> _json = json;
    private readonly List<Node> _nodes = [];
    private readonly List<int> _members = [];

    /// <summary>Reads the container that the reader stands at the start of.</summary>
    public readonly void Read(ref Utf8JsonReader reader)
    {
        var open = new Stack<(int Container, int Last)>();
        Name name = default;
        do
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = new Name(
                    (int)reader.TokenStartIndex + 1,
                    reader.ValueSpan.Length,
                    reader.ValueIsEscaped ? GoJsonText.Unescape(reader.ValueSpan) : null);
                continue;
            }

            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                var (container, _) = open.Pop();
                if (reader.TokenType == JsonTokenType.EndObject)
                {
                    Sort(container);
                }

                continue;
            }

            var index = _nodes.Count;
            var start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
            _nodes.Add(new Node(reader.TokenType, start, reader.ValueSpan.Length, reader.ValueIsEscaped, name));
            name = default;
            Append(open, index);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push((index, None));
            }
        }
        while ((open.Count > 0 || _nodes.Count == 0) && reader.Read());

        if (open.Count > 0)
        {
            throw new JsonException(GoJsonError.Explain(_json));
        }
    }

    public readonly void Write(IBufferWriter<byte> output)
    {
        var open = new Stack<int>();
        var index = 0;
        while (true)
        {
            ref var node = ref CollectionsMarshal.AsSpan(_nodes)[index];
            if (node.Name.Start > 0)
            {
                GoJsonText.WriteString(output, node.Name.Text(_json));
                output.Write(":"u8);
            }

            if (node.Type is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                output.Write(node.Type == JsonTokenType.StartObject ? "{"u8 : "["u8);
                if (node.First != None)
                {
                    open.Push(index);
                    index = node.First;
                    continue;
                }

                output.Write(node.Type == JsonTokenType.StartObject ? "}"u8 : "]"u8);
            }
            else
            {
                GoJson.WriteScalar(_json, node.Type, _json.Slice(node.Start, node.Length), node.IsEscaped, output);
            }

            while (_nodes[index].Next == None)
            {
                if (!open.TryPop(out index))
                {
                    return;
                }

                output.Write(_nodes[index].Type == JsonTokenType.StartObject ? "}"u8 : "]"u8);
            }

            output.Write(","u8);
            index = _nodes[index].Next;
        }
    }

    private readonly void Append(Stack<(int Container, int Last)> open, int index)
    {
        if (!open.TryPop(out var parent))
        {
            return;
        }

        var nodes = CollectionsMarshal.AsSpan(_nodes);
        if (parent.Last == None)
        {
            nodes[parent.Container].First = index;
        }
        else
        {
            nodes[parent.Last].Next = index;
        }

        open.Push((parent.Container, index));
    }

    /// <summary>Sorts an object's members by the bytes of their names and keeps the last of equal ones.</summary>
    private readonly void Sort(int container)
    {
        _members.Clear();
        var nodes = CollectionsMarshal.AsSpan(_nodes);
        var inOrder = true;
        for (var member = nodes[container].First; member != None; member = nodes[member].Next)
        {
            inOrder = inOrder && (_members.Count == 0 || Compare(nodes, _members[^1], member) < 0);
            _members.Add(member);
        }

        if (inOrder)
        {
            return;
        }

        var sorted = Sorted(nodes);
        var last = None;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i + 1 < sorted.Length && Compare(nodes, sorted[i], sorted[i + 1]) == 0)
            {
                continue;
            }

            if (last == None)
            {
                nodes[container].First = sorted[i];
            }
            else
            {
                nodes[last].Next = sorted[i];
            }

            last = sorted[i];
        }

        nodes[last].Next = None;
    }

    /// <summary>The members in order, equal names in the order they came in. A merge sort: a comparison cannot hold a span of the text.</summary>
    private readonly ReadOnlySpan<int> Sorted(ReadOnlySpan<Node> nodes)
    {
        var from = _members.ToArray();
        var to = new int[from.Length];
        for (var width = 1; width < from.Length; width *= 2)
        {
            for (var low = 0; low < from.Length; low += 2 * width)
            {
                var (left, middle) = (low, Math.Min(low + width, from.Length));
                var (right, high) = (middle, Math.Min(low + (2 * width), from.Length));
                for (var at = low; at < high; at++)
                {
                    to[at] = left < middle && (right >= high || Compare(nodes, from[left], from[right]) <= 0) ? from[left++] : from[right++];
                }
            }

            (from, to) = (to, from);
        }

        return from;
    }

    private readonly int Compare(ReadOnlySpan<Node> nodes, int one, int other) =>
        nodes[one].Name.Text(_json).SequenceCompareTo(nodes[other].Name.Text(_json));

    /// <summary>A member's name: where it stands, or its text when it is written with escapes. Default: an element or the root.</summary>
    private readonly record struct Name(int Start, int Length, byte[]? Unescaped)
    {
        public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json) => Unescaped ?? json.Slice(Start, Length);
    }

    /// <param name="Start">Where the token's text is, quotes left out.</param>
    private record struct Node(JsonTokenType Type, int Start, int Length, bool IsEscaped, Name Name)
    {
        public int First { get; set; } = None;

        public int Next { get; set; } = None;
    }
}

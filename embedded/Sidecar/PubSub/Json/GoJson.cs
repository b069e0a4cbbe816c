using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace DaprMesh.Sidecar.PubSub.Json;

/// <summary>JSON as Go's encoding/json writes it: compact, members sorted, HTML characters escaped. Envelopes travel in this form.</summary>
internal static class GoJson
{
    public static readonly JsonReaderOptions Reader = new() { MaxDepth = 1000 };

    private static readonly SearchValues<byte> Rewritten = SearchValues.Create([(byte)'\\', (byte)'<', (byte)'>', (byte)'&', 0xE2]);

    /// <summary>The first value of <paramref name="utf8"/>; what follows it is ignored, as Go's Decoder does.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out JsonElement value)
    {
        var reader = new Utf8JsonReader(utf8, Reader);
        try
        {
            value = JsonElement.ParseValue(ref reader);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    public static void Write(IBufferWriter<byte> to, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(to, value);
                break;
            case JsonValueKind.Array:
                to.Write("["u8);
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    if (!first)
                    {
                        to.Write(","u8);
                    }

                    first = false;
                    Write(to, item);
                }

                to.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteString(to, JsonMarshal.GetRawUtf8Value(value)[1..^1], value);
                break;
            default:
                to.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    public static void Write(IBufferWriter<byte> to, string text)
    {
        to.Write("\""u8);
        Span<byte> encoded = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"':
                    to.Write("\\\""u8);
                    break;
                case '\\':
                    to.Write("\\\\"u8);
                    break;
                case '\n':
                    to.Write("\\n"u8);
                    break;
                case '\r':
                    to.Write("\\r"u8);
                    break;
                case '\t':
                    to.Write("\\t"u8);
                    break;
                case '\b':
                    to.Write("\\b"u8);
                    break;
                case '\f':
                    to.Write("\\f"u8);
                    break;
                case < 0x20 or '<' or '>' or '&' or 0x2028 or 0x2029:
                    to.Write(Encoding.ASCII.GetBytes("\\u" + rune.Value.ToString("x4", CultureInfo.InvariantCulture)));
                    break;
                default:
                    to.Write(encoded[..rune.EncodeToUtf8(encoded)]);
                    break;
            }
        }

        to.Write("\""u8);
    }

    /// <summary>The text of a string element; what is no valid Unicode becomes U+FFFD.</summary>
    public static string Text(JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Lenient(JsonMarshal.GetRawUtf8Value(element)[1..^1]);
        }
    }

    private static void WriteString(IBufferWriter<byte> to, ReadOnlySpan<byte> raw, JsonElement value)
    {
        if (raw.IndexOfAny(Rewritten) < 0 && Utf8.IsValid(raw))
        {
            to.Write("\""u8);
            to.Write(raw);
            to.Write("\""u8);
        }
        else
        {
            Write(to, Text(value));
        }
    }

    private static void WriteObject(IBufferWriter<byte> to, JsonElement value)
    {
        var sorted = true;
        ReadOnlySpan<byte> before = default;
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if ((!before.IsEmpty && name.SequenceCompareTo(before) <= 0) || name.IsEmpty || name.IndexOfAny(Rewritten) >= 0 || !Utf8.IsValid(name))
            {
                sorted = false;
                break;
            }

            before = name;
        }

        to.Write("{"u8);
        if (sorted)
        {
            var first = true;
            foreach (var member in value.EnumerateObject())
            {
                to.Write(first ? "\""u8 : ",\""u8);
                first = false;
                to.Write(JsonMarshal.GetRawUtf8PropertyName(member));
                to.Write("\":"u8);
                Write(to, member.Value);
            }
        }
        else
        {
            WriteSorted(to, value);
        }

        to.Write("}"u8);
    }

    /// <summary>Of members with the same name the last one counts.</summary>
    private static void WriteSorted(IBufferWriter<byte> to, JsonElement value)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[Name(member)] = member.Value;
        }

        var first = true;
        foreach (var (name, member) in members)
        {
            if (!first)
            {
                to.Write(","u8);
            }

            first = false;
            Write(to, name);
            to.Write(":"u8);
            Write(to, member);
        }
    }

    private static string Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return Lenient(JsonMarshal.GetRawUtf8PropertyName(member));
        }
    }

    private static string Lenient(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder();
        var escaped = Encoding.UTF8.GetString(raw);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            text.Append(escaped[i] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)int.Parse(escaped.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                var other => other,
            });
            i += escaped[i] == 'u' ? 4 : 0;
        }

        return text.ToString();
    }
}

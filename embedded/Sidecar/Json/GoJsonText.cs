using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace DaprMesh.Sidecar.Json;

/// <summary>JSON strings and numbers in the form that Go's encoding/json gives them, which is the form daprd stores and sends.</summary>
internal static class GoJsonText
{
    /// <summary>Bytes that are not copied as they are; 0xE2 begins the two line separators that are escaped.</summary>
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\', (byte)'<', (byte)'>', (byte)'&', 0xE2]);

    /// <summary>Writes a text with its quotes.</summary>
    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        output.Write("\""u8);
        if (utf8.IndexOfAny(Special) < 0 && System.Text.Unicode.Utf8.IsValid(utf8))
        {
            output.Write(utf8);
        }
        else
        {
            Escape(output, utf8);
        }

        output.Write("\""u8);
    }

    public static void WriteString(IBufferWriter<byte> output, string text) => WriteString(output, Encoding.UTF8.GetBytes(text));

    /// <summary>The string or name that the reader stands on. What is no Unicode becomes U+FFFD, where the reader itself would throw.</summary>
    public static string Read(in Utf8JsonReader reader) =>
        Encoding.UTF8.GetString(reader.ValueIsEscaped ? Unescape(reader.ValueSpan) : reader.ValueSpan);

    /// <inheritdoc cref="Read(in Utf8JsonReader)"/>
    public static string Read(JsonElement text) => Read(JsonMarshal.GetRawUtf8Value(text)[1..^1]);

    /// <inheritdoc cref="Read(in Utf8JsonReader)"/>
    public static string ReadName(JsonProperty member) => Read(JsonMarshal.GetRawUtf8PropertyName(member));

    private static string Read(ReadOnlySpan<byte> token) => Encoding.UTF8.GetString(token.Contains((byte)'\\') ? Unescape(token) : token);

    /// <summary>The text of a JSON string token, given without its quotes. What is no Unicode becomes U+FFFD.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> token)
    {
        var text = new ArrayBufferWriter<byte>(token.Length + 3);
        while (token.IndexOf((byte)'\\') is var at and >= 0)
        {
            text.Write(token[..at]);
            token = token[at..];
            if (token[1] == 'u')
            {
                var rune = ReadEscapedRune(ref token);
                text.Advance(rune.EncodeToUtf8(text.GetSpan(4)));
            }
            else
            {
                text.GetSpan(1)[0] = token[1] switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    var same => same,
                };
                text.Advance(1);
                token = token[2..];
            }
        }

        text.Write(token);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Writes a number as the float64 it stands for; false when it is too large for one.</summary>
    public static bool TryWriteNumber(IBufferWriter<byte> output, ReadOnlySpan<byte> token)
    {
        if (IsShortInteger(token))
        {
            output.Write(token);
            return true;
        }

        if (!double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return false;
        }

        output.Write(Encoding.ASCII.GetBytes(GoNumber.Format(value, lowestExponent: -6, highestExponent: 21, exponentDigits: 1)));
        return true;
    }

    private static bool IsShortInteger(ReadOnlySpan<byte> token)
    {
        var digits = token[0] == '-' ? token[1..] : token;
        return digits.Length <= 15 && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private static Rune ReadEscapedRune(ref ReadOnlySpan<byte> token)
    {
        var first = (char)Hex(token.Slice(2, 4));
        token = token[6..];
        if (char.IsHighSurrogate(first) && token is [(byte)'\\', (byte)'u', _, _, _, _, ..])
        {
            var second = (char)Hex(token.Slice(2, 4));
            if (char.IsLowSurrogate(second))
            {
                token = token[6..];
                return new Rune(first, second);
            }
        }

        return Rune.TryCreate(first, out var rune) ? rune : Rune.ReplacementChar;
    }

    private static int Hex(ReadOnlySpan<byte> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static void Escape(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            if (status != OperationStatus.Done)
            {
                output.Write(@"\ufffd"u8);
                utf8 = utf8[1..]; // Go replaces byte by byte
                continue;
            }

            switch (rune.Value)
            {
                case '"':
                    output.Write("\\\""u8);
                    break;
                case '\\':
                    output.Write(@"\\"u8);
                    break;
                case '\b':
                    output.Write(@"\b"u8);
                    break;
                case '\f':
                    output.Write(@"\f"u8);
                    break;
                case '\n':
                    output.Write(@"\n"u8);
                    break;
                case '\r':
                    output.Write(@"\r"u8);
                    break;
                case '\t':
                    output.Write(@"\t"u8);
                    break;
                case < 0x20 or '<' or '>' or '&' or 0x2028 or 0x2029:
                    var escape = output.GetSpan(6);
                    @"\u"u8.CopyTo(escape);
                    _ = rune.Value.TryFormat(escape[2..], out _, "x4", CultureInfo.InvariantCulture);
                    output.Advance(6);
                    break;
                default:
                    output.Write(utf8[..consumed]);
                    break;
            }

            utf8 = utf8[consumed..];
        }
    }
}

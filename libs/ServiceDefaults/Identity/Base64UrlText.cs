using System.Buffers;
using System.Buffers.Text;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Base64url as RFC 7515 wants it: no padding, no white space, and no bits left over, so that one text stands for one value.</summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
    {
        written = 0;
        return !text.ContainsAnyExcept(Alphabet)
            && HasNoLooseBits(text)
            && Base64Url.DecodeFromChars(text, bytes, out _, out written) == OperationStatus.Done;
    }

    private static bool HasNoLooseBits(ReadOnlySpan<char> text) => (text.Length % 4) switch
    {
        0 => true,
        2 => (Value(text[^1]) & 0b1111) == 0,
        3 => (Value(text[^1]) & 0b11) == 0,
        _ => false,
    };

    private static int Value(char letter) => letter switch
    {
        >= 'A' and <= 'Z' => letter - 'A',
        >= 'a' and <= 'z' => letter - 'a' + 26,
        >= '0' and <= '9' => letter - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}

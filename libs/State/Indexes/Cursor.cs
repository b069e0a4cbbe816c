using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DaprMesh.State.Indexes;

/// <summary>The place where a page ended, as text that means nothing to clients and nothing in another list.</summary>
internal static class Cursor
{
    private const int SumLength = 6;
    private const char Separator = '\n';

    public static string Of(IndexEntry last, string scope)
    {
        var place = Encoding.UTF8.GetBytes($"{last.Id}{Separator}{last.Order}");
        return Base64Url.EncodeToString([.. Sum(place, scope), .. place]);
    }

    /// <summary>False: no page of this list gave it.</summary>
    public static bool TryRead(string? text, string scope, out IndexEntry? place)
    {
        place = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        byte[] bytes;
        try
        {
            bytes = Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return false;
        }

        if (bytes.Length <= SumLength || !bytes.AsSpan(0, SumLength).SequenceEqual(Sum(bytes[SumLength..], scope)))
        {
            return false;
        }

        var parts = Encoding.UTF8.GetString(bytes, SumLength, bytes.Length - SumLength).Split(Separator, 2);
        place = parts is [var id, var order] ? new IndexEntry(order, id) : null;
        return place is not null;
    }

    /// <summary>No secret: it keeps out what was mistyped or belongs to another list, and a forged place shows nothing that the list does not.</summary>
    private static byte[] Sum(byte[] place, string scope) => SHA256.HashData([.. Encoding.UTF8.GetBytes(scope + Separator), .. place])[..SumLength];
}

using System.Buffers;

namespace DaprMesh.Sidecar.Observability;

/// <summary>The rules of the W3C <c>tracestate</c> header; what breaks them is dropped.</summary>
internal static class TraceState
{
    /// <summary>Longer ones are not passed on.</summary>
    public const int MaxLength = 512;

    private const int MaxMembers = 32;
    private const int MaxKeyOrValue = 256;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-*/@");

    public static bool IsValid(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return false;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            var member = part.AsSpan().Trim(" \t");
            if (member.IsEmpty)
            {
                continue;
            }

            var equals = member.IndexOf('=');
            if (equals < 0 || !IsKey(member[..equals]) || !IsValue(member[(equals + 1)..]) || !keys.Add(member[..equals].ToString()))
            {
                return false;
            }
        }

        return keys.Count is > 0 and <= MaxMembers;
    }

    private static bool IsKey(ReadOnlySpan<char> key) =>
        key.Length is > 0 and <= MaxKeyOrValue
        && (char.IsAsciiLetterLower(key[0]) || char.IsAsciiDigit(key[0]))
        && !key.ContainsAnyExcept(KeyCharacters);

    private static bool IsValue(ReadOnlySpan<char> value) =>
        value.Length is > 0 and <= MaxKeyOrValue && value[^1] != ' '
        && !value.ContainsAnyExceptInRange(' ', '~') && !value.ContainsAny(',', '=');
}

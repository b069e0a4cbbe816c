using System.Buffers;

namespace DaprMesh.Sidecar.Observability;

/// <summary>The rules of the W3C <c>baggage</c> header, and what daprd says when they are broken.</summary>
internal static class Baggage
{
    private const int MaxLength = 8192;
    private const int MaxMembers = 64;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~");

    private static readonly SearchValues<char> ValueCharacters = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(code => (char)code).Except(['"', ',', ';', '\\'])]);

    /// <summary>What is wrong with the header, or null; one line for each bad member.</summary>
    public static string? Error(string header)
    {
        if (header.Length == 0)
        {
            return null;
        }

        if (header.Length > MaxLength)
        {
            return $"baggage-string too large: {header.Length}";
        }

        var members = header.Split(',');
        if (members.Length > MaxMembers)
        {
            return $"too many list-members in baggage-string: {members.Length}";
        }

        var errors = members.Select(MemberError).Where(error => error is not null).ToArray();
        return errors.Length == 0 ? null : string.Join('\n', errors);
    }

    private static string? MemberError(string member)
    {
        var parts = member.Split(';');
        foreach (var property in parts.Skip(1))
        {
            if (property.Length > 0 && !IsProperty(property))
            {
                return $"invalid baggage list-member property: {Quoted(property)}";
            }
        }

        var equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return $"invalid baggage list-member: {Quoted(member)}";
        }

        var key = parts[0][..equals].Trim();
        if (!IsKey(key))
        {
            return $"invalid key: {Quoted(key)}";
        }

        var value = parts[0][(equals + 1)..];
        return !IsValue(value.Trim()) ? $"invalid value: {Quoted(value)}"
            : BrokenEscape(value.Trim()) is { } escape ? $"invalid value: invalid URL escape {Quoted(escape)}"
            : null;
    }

    private static bool IsProperty(string property)
    {
        var equals = property.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? IsKey(property.Trim())
            : IsKey(property[..equals].Trim()) && IsValue(property[(equals + 1)..].Trim());
    }

    private static bool IsKey(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(KeyCharacters);

    private static bool IsValue(string value) => !value.AsSpan().ContainsAnyExcept(ValueCharacters);

    private static string? BrokenEscape(string value)
    {
        for (var at = value.IndexOf('%', StringComparison.Ordinal); at >= 0; at = value.IndexOf('%', at + 1))
        {
            if (at + 2 >= value.Length || !char.IsAsciiHexDigit(value[at + 1]) || !char.IsAsciiHexDigit(value[at + 2]))
            {
                return value[at..Math.Min(at + 3, value.Length)];
            }
        }

        return null;
    }

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal) + "\"";
}

using System.Globalization;
using System.Text;

namespace DaprMesh.Sidecar.Actors;

/// <summary>Text as Go's formatting and URLs write it.</summary>
internal static class GoText
{
    /// <summary>What a path keeps as it is, beside letters and digits.</summary>
    private const string PathCharacters = "-_.~!$&'()*+,/:;=@[]";

    /// <summary>Go's <c>%q</c>.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\a' => quoted.Append("\\a"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\v' => quoted.Append("\\v"),
                < ' ' or '\x7f' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A decoded path as it stands in a request line; returns the same string when nothing has to be escaped.</summary>
    public static string EscapePath(string path)
    {
        if (IsPlain(path))
        {
            return path;
        }

        var escaped = new StringBuilder(path.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            _ = b < 128 && IsPlain((char)b) ? escaped.Append((char)b) : escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return escaped.ToString();
    }

    private static bool IsPlain(string path)
    {
        foreach (var c in path)
        {
            if (!IsPlain(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || PathCharacters.Contains(c, StringComparison.Ordinal);
}

using System.Globalization;
using System.Text;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>The method path of an invocation: decoded once, dot segments resolved, and put into the app's URL as Go would write it.</summary>
internal static class MethodPath
{
    private const string Unescaped = "-_.~$&+,/:;=@!'()*%";

    /// <exception cref="InvalidMethodException">A character that no method may have.</exception>
    public static string Decode(string escaped)
    {
        var decoded = escaped.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(escaped) : escaped;
        for (var i = 0; i < decoded.Length; i++)
        {
            var c = decoded[i];
            if (c is '#' or '?' or '\0')
            {
                throw new InvalidMethodException($"invalid method: method contains forbidden character: {Quote(decoded)}");
            }

            if (char.IsControl(c))
            {
                var position = Encoding.UTF8.GetByteCount(decoded.AsSpan(0, i));
                throw new InvalidMethodException($"invalid method: method contains control character at position {position}: {Quote(decoded)}");
            }
        }

        return Resolve(decoded);
    }

    /// <summary>The path as it stands in a request line.</summary>
    /// <exception cref="FormatException">A percent sign that begins no escape.</exception>
    public static string Encode(string decoded)
    {
        if (!NeedsWork(decoded))
        {
            return decoded;
        }

        var bytes = Encoding.UTF8.GetBytes(decoded);
        var text = new StringBuilder(bytes.Length + 16);
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            if (b == '%' && !(i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2])))
            {
                throw new FormatException($"invalid URL escape \"{decoded.AsSpan(decoded.IndexOf('%', StringComparison.Ordinal), Math.Min(3, decoded.Length - decoded.IndexOf('%', StringComparison.Ordinal)))}\"");
            }

            if (char.IsAsciiLetterOrDigit((char)b) || Unescaped.Contains((char)b, StringComparison.Ordinal))
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return text.ToString();
    }

    private static bool NeedsWork(string text)
    {
        foreach (var c in text)
        {
            if (c == '%' || !(char.IsAsciiLetterOrDigit(c) || Unescaped.Contains(c, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private static string Resolve(string path)
    {
        if (!path.Contains("//", StringComparison.Ordinal) && !path.Contains("./", StringComparison.Ordinal)
            && !path.StartsWith('.') && !path.StartsWith('/') && !path.EndsWith('/') && !path.EndsWith('.'))
        {
            return path;
        }

        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "..")
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (segment is not ("" or "."))
            {
                kept.Add(segment);
            }
        }

        return string.Join('/', kept);
    }

    /// <summary>Go's %q.</summary>
    private static string Quote(string text)
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
                _ when char.IsControl(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}

/// <summary>The method of an invocation is not acceptable.</summary>
internal sealed class InvalidMethodException(string message) : Exception(message);

using System.Text;

namespace DaprMesh.Sidecar.Resources;

/// <summary>Expands <c>$NAME</c> and <c>${NAME}</c> as a shell would; a variable that is not set is empty.</summary>
internal static class EnvironmentText
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> environment)
    {
        var result = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        for (var at = rest.IndexOf('$'); at >= 0 && at + 1 < rest.Length; at = rest.IndexOf('$'))
        {
            result.Append(rest[..at]);
            rest = rest[(at + 1)..];
            var (name, length) = NameAt(rest);
            if (length == 0)
                result.Append('$');
            else if (name.Length > 0 && environment.TryGetValue(name, out var value))
                result.Append(value);

            rest = rest[length..];
        }

        return result.Append(rest).ToString();
    }

    /// <summary>The name after a dollar sign and how many characters it takes; none when no name begins there.</summary>
    private static (string Name, int Length) NameAt(ReadOnlySpan<char> text)
    {
        if (text[0] == '{')
        {
            var end = text.IndexOf('}');
            // "${" without an end is dropped, as is "${}".
            return end < 0 ? ("", 1) : (text[1..end].ToString(), end + 1);
        }

        if (IsSpecial(text[0]))
            return (text[..1].ToString(), 1);

        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '_'))
        {
            length++;
        }

        return (text[..length].ToString(), length);
    }

    private static bool IsSpecial(char c) => c is '*' or '#' or '$' or '@' or '!' or '?' or '-' || char.IsAsciiDigit(c);
}

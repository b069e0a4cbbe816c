using System.Text;

namespace Prometheus;

/// <summary>Writes labels and help texts the way both exposition formats escape them.</summary>
internal static class LabelText
{
    /// <summary>The labels of a series between the braces, encoded once for all its exports.</summary>
    public static byte[] Encode(ReadOnlySpan<string> names, ReadOnlySpan<string> values, IReadOnlyList<KeyValuePair<string, string>> staticLabels)
    {
        var text = new StringBuilder();
        for (var i = 0; i < names.Length; i++)
            Append(text, names[i], values[i]);
        foreach (var (name, value) in staticLabels)
            Append(text, name, value);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Encode(string name, string value) => Encode([name], [value], []);

    public static string EscapeValue(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    public static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Append(StringBuilder text, string name, string value)
    {
        if (text.Length > 0)
            text.Append(',');
        text.Append(name).Append("=\"").Append(EscapeValue(value)).Append('"');
    }
}

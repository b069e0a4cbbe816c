using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DaprMesh.Sidecar.Resources;

/// <summary>
/// What a plain scalar means under YAML 1.1, which Dapr's resources are read by: <c>yes</c> is a boolean, <c>0x10</c> is sixteen.
/// </summary>
internal static partial class YamlScalars
{
    public static bool? AsFlag(YamlNode node) => !node.IsPlain ? null : node.Text switch
    {
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    public static long? AsInteger(YamlNode node)
    {
        if (!node.IsPlain || !Integer().IsMatch(node.Text))
            return null;

        var text = node.Text.Replace("_", "", StringComparison.Ordinal);
        var negative = text[0] == '-';
        var digits = text.TrimStart('+', '-');
        long value;
        var ok = digits switch
        {
            ['0', 'x' or 'X', ..] => long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value),
            ['0', 'b' or 'B', ..] => long.TryParse(digits.AsSpan(2), NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture, out value),
            ['0', 'o', ..] => TryOctal(digits.AsSpan(2), out value),
            ['0', _, ..] => TryOctal(digits.AsSpan(1), out value),
            _ => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value),
        };
        return ok ? negative ? -value : value : null;
    }

    public static double? AsNumber(YamlNode node)
    {
        if (AsInteger(node) is { } integer)
            return integer;

        return node.IsPlain && Float().IsMatch(node.Text)
            && double.TryParse(node.Text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    /// <summary>A scalar as a text value; numbers and booleans in the form JSON has for them.</summary>
    public static string AsText(YamlNode node) =>
        node.IsNull ? "" : AsFlag(node) is { } flag ? (flag ? "true" : "false")
        : AsNumber(node) is { } ? ToJson(node)!.ToJsonString() : node.Text;

    public static JsonNode? ToJson(YamlNode node)
    {
        switch (node.Kind)
        {
            case YamlKind.Map:
                return new JsonObject(node.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value))));
            case YamlKind.List:
                return new JsonArray([.. node.Items.Select(ToJson)]);
            default:
                if (node.IsNull)
                    return null;

                return AsFlag(node) is { } flag ? JsonValue.Create(flag)
                    : AsInteger(node) is { } integer ? JsonValue.Create(integer)
                    : AsNumber(node) is { } number ? JsonValue.Create(number)
                    : JsonValue.Create(node.Text);
        }
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7' || value > long.MaxValue >> 3)
                return false;

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    [GeneratedRegex(@"^[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o?[0-7_]+|[0-9][0-9_]*)$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Float();
}

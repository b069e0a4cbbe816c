using System.Globalization;
using System.Text.RegularExpressions;

namespace DaprMesh.Sidecar.PubSub.Cel;

/// <summary>A function, called on a target or on its first argument.</summary>
internal sealed class CelCall(string function, CelNode? target, IReadOnlyList<CelNode> arguments) : CelNode
{
    /// <summary>The pattern of the last <c>matches</c>; patterns are nearly always constants.</summary>
    private Regex? _pattern;

    public override object? Evaluate(Func<string, object?> variables)
    {
        var values = (target is null ? arguments : arguments.Prepend(target)).Select(argument => argument.Evaluate(variables)).ToList();
        return (function, values) switch
        {
            ("size", [var value]) => CelValue.Size(value),
            ("startsWith", [string text, string part]) => text.StartsWith(part, StringComparison.Ordinal),
            ("endsWith", [string text, string part]) => text.EndsWith(part, StringComparison.Ordinal),
            ("contains", [string text, string part]) => text.Contains(part, StringComparison.Ordinal),
            ("matches", [string text, string pattern]) => Pattern(pattern).IsMatch(text),
            ("lowerAscii", [string text]) => text.ToLowerInvariant(),
            ("upperAscii", [string text]) => text.ToUpperInvariant(),
            ("int" or "uint", [long value]) => value,
            ("int" or "uint", [double value]) when Math.Abs(value) < long.MaxValue => (long)value,
            ("int" or "uint", [string text]) when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) => value,
            ("double", [long value]) => (double)value,
            ("double", [double value]) => value,
            ("double", [string text]) when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => value,
            ("string", [string text]) => text,
            ("string", [bool value]) => value ? "true" : "false",
            ("string", [IFormattable value]) => value.ToString(null, CultureInfo.InvariantCulture),
            ("bool", [bool value]) => value,
            ("bool", ["true" or "false"]) => values[0] is "true",
            _ => throw NoOverload(function),
        };
    }

    private Regex Pattern(string pattern)
    {
        if (_pattern?.ToString() == pattern)
        {
            return _pattern;
        }

        try
        {
            return _pattern = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new CelException($"invalid pattern '{pattern}': {e.Message}");
        }
    }
}

using System.Globalization;

namespace DaprMesh.Sidecar.Json;

/// <summary>A float64 with the fewest digits that give it back, in Go's choice of form.</summary>
internal static class GoNumber
{
    /// <summary>As fmt's <c>%v</c> has it.</summary>
    public static string Format(double value) => Format(value, lowestExponent: -4, highestExponent: 6, exponentDigits: 2);

    /// <summary>Plain notation between the two exponents (the higher one excluded), else scientific.</summary>
    public static string Format(double value, int lowestExponent, int highestExponent, int exponentDigits)
    {
        if (value == 0)
        {
            return double.IsNegative(value) ? "-0" : "0";
        }

        // "E16" would not be the shortest; "R" is, but chooses between the two notations by rules of its own.
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var shift = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var exponent = whole - (all.Length - digits.Length) + shift - 1;
        digits = digits.TrimEnd('0');

        var sign = value < 0 ? "-" : "";
        if (exponent < lowestExponent || exponent >= highestExponent)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            var power = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(exponentDigits, '0');
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{power}";
        }

        return sign + Plain(digits, exponent);
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        return digits.Length <= exponent + 1
            ? digits.PadRight(exponent + 1, '0')
            : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}

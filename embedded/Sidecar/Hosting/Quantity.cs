using System.Buffers;
using System.Globalization;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Sizes as Kubernetes writes them: <c>4Mi</c>, <c>500k</c>, <c>1e6</c>.</summary>
internal static class Quantity
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.0123456789");

    public static bool TryParse(string text, out long bytes)
    {
        var end = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var (number, suffix) = end < 0 ? (text, "") : (text[..end], text[end..]);
        bytes = 0;
        var exponent = 0;
        if (suffix is ['e' or 'E', ..] && suffix.Length > 1 && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            suffix = "";

        if (Factor(suffix) is not { } factor || exponent is < -18 or > 18
            || !decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || Math.Abs(value) > long.MaxValue / factor)
            return false;

        for (; exponent > 0 && Math.Abs(value) <= long.MaxValue; exponent--)
            value *= 10;
        for (; exponent < 0; exponent++)
            value /= 10;

        value *= factor;
        // A fraction of a byte is no size.
        if (Math.Abs(value) > long.MaxValue || value != decimal.Truncate(value))
            return false;

        bytes = (long)value;
        return true;
    }

    private static decimal? Factor(string suffix) => suffix switch
    {
        "" => 1,
        "m" => 0.001m,
        "k" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "T" => 1_000_000_000_000,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        "Ti" => 1L << 40,
        _ => null,
    };
}

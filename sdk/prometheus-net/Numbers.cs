using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Prometheus;

/// <summary>Numbers as the exposition formats write them.</summary>
internal static class Numbers
{
    public const int MaxLength = 32;

    public static string Text(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.UTF8.GetString(text[..Write(value, text)]);
    }

    /// <summary>OpenMetrics wants bounds and quantiles in one form, with a point: 1.0, not 1.</summary>
    public static string OpenMetricsText(double value)
    {
        var text = Text(value);
        return double.IsFinite(value) && text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text;
    }

    public static int Write(double value, Span<byte> to)
    {
        if (double.IsFinite(value))
        {
            value.TryFormat(to, out var length, "g", CultureInfo.InvariantCulture);
            return length;
        }

        var word = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        word.CopyTo(to);
        return word.Length;
    }

    public static int Write(long value, Span<byte> to)
    {
        Utf8Formatter.TryFormat(value, to, out var length);
        return length;
    }
}

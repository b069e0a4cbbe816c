using System.Buffers;
using System.Globalization;

namespace DaprMesh.Sidecar.Resources;

/// <summary>Durations as Go writes them: <c>300ms</c>, <c>1h15m30.5s</c>, <c>-2s</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text))
            return false;

        var rest = text.AsSpan();
        var negative = rest[0] == '-';
        if (rest[0] is '-' or '+')
            rest = rest[1..];

        if (rest is "0")
            return true;

        if (rest.IsEmpty)
            return false;

        var ticks = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
                return false;

            rest = rest[digits..];
            var end = rest.IndexOfAny(Digits);
            var unit = end < 0 ? rest : rest[..end];
            var size = TicksOf(unit);
            if (size is null || amount > long.MaxValue / size)
                return false;

            ticks += amount * size.Value;
            rest = end < 0 ? [] : rest[end..];
        }

        // Go's range: a signed count of nanoseconds.
        if (ticks > long.MaxValue / 100)
            return false;

        duration = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }

    /// <summary>As Dapr reads the durations of its policies: a bare integer counts milliseconds.</summary>
    public static bool TryParseOrMilliseconds(string? text, out TimeSpan duration)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
            return TryParse(text, out duration);

        duration = Math.Abs(milliseconds) <= long.MaxValue / 1_000_000 ? TimeSpan.FromMilliseconds(milliseconds, 0) : TimeSpan.Zero;
        return true;
    }

    private static decimal? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}

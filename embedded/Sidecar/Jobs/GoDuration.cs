using System.Buffers;
using System.Globalization;
using System.Text;

namespace DaprMesh.Sidecar.Jobs;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>, <c>-5s</c>. Finer than 100 ns is cut off.</summary>
public static class GoDuration
{
    public static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create(".0123456789");

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest.Length > 0 && rest[0] == '-';
        if (rest.Length > 0 && rest[0] is '-' or '+')
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        var ticks = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > long.MaxValue)
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(NumberCharacters);
            var unit = letters < 0 ? rest : rest[..letters];
            if (TicksOf(unit) is not { } factor || number > long.MaxValue / 100m / factor)
            {
                return false; // an unknown unit, or more than Go counts: nanoseconds in 64 bits
            }

            ticks += number * factor;
            rest = rest[unit.Length..];
            if (ticks > long.MaxValue / 100)
            {
                return false;
            }
        }

        duration = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }

    /// <summary>As Go prints it: <c>1h0m0s</c>, <c>1.5s</c>, <c>500ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var ticks = Math.Abs(duration.Ticks);
        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        if (ticks < TimeSpan.TicksPerSecond)
        {
            return ticks switch
            {
                0 => "0s",
                < TimeSpan.TicksPerMicrosecond => text.Append(ticks * TimeSpan.NanosecondsPerTick).Append("ns").ToString(),
                < TimeSpan.TicksPerMillisecond => text.Append(Number(ticks, TimeSpan.TicksPerMicrosecond)).Append("µs").ToString(),
                _ => text.Append(Number(ticks, TimeSpan.TicksPerMillisecond)).Append("ms").ToString(),
            };
        }

        var hours = ticks / TimeSpan.TicksPerHour;
        var minutes = ticks / TimeSpan.TicksPerMinute % 60;
        if (hours > 0)
        {
            text.Append(hours).Append('h');
        }

        if (hours > 0 || minutes > 0)
        {
            text.Append(minutes).Append('m');
        }

        return text.Append(Number(ticks % TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond)).Append('s').ToString();
    }

    private static string Number(long ticks, long unit) => ((decimal)ticks / unit).ToString("0.#######", CultureInfo.InvariantCulture);

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

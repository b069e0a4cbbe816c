using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dapr.Actors.Runtime;

/// <summary>Durations as the sidecar writes and reads them; an empty text is "never", -1 millisecond.</summary>
internal static partial class DaprDuration
{
    private const string EveryPrefix = "@every ";

    public static string Format(TimeSpan value) => value < TimeSpan.Zero
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{(value.Days * 24) + value.Hours}h{value.Minutes}m{value.Seconds}s{value.Milliseconds}ms");

    /// <summary>The period of a schedule that ends after some repetitions is ISO 8601, which has no milliseconds here.</summary>
    public static string FormatPeriod(TimeSpan period, int? repetitions)
    {
        if (repetitions is null || period < TimeSpan.Zero)
            return Format(period);
        if (period.Milliseconds > 0)
            throw new ArgumentException("A period with repetitions has no milliseconds.", nameof(period));

        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"R{repetitions}/P"));
        Append(period.Days, 'D');
        if (period.Days == 0 || period.Hours + period.Minutes + period.Seconds > 0)
            text.Append('T');
        Append(period.Hours, 'H');
        Append(period.Minutes, 'M');
        if (period.Seconds > 0 || text[^1] == 'T')
            text.Append(CultureInfo.InvariantCulture, $"{period.Seconds}S");
        return text.ToString();

        void Append(int amount, char unit)
        {
            if (amount > 0)
                text.Append(CultureInfo.InvariantCulture, $"{amount}{unit}");
        }
    }

    /// <summary>Reads <c>1h0m0.5s</c>, <c>R3/P1DT2H</c>, <c>@every 1m0s</c> and the other words for a period.</summary>
    public static TimeSpan Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Timeout.InfiniteTimeSpan;
        if (text.StartsWith(EveryPrefix, StringComparison.Ordinal))
            return ParseGo(text[EveryPrefix.Length..]);
        return text[0] switch
        {
            '@' => ParseWord(text),
            'R' or 'P' => ParseIso(text),
            _ => ParseGo(text),
        };
    }

    private static TimeSpan ParseGo(string text)
    {
        var match = Go().Match(text);
        if (text == "0")
            return TimeSpan.Zero;
        if (!match.Success)
            throw new FormatException($"'{text}' is no duration.");

        var sum = TimeSpan.Zero;
        foreach (var (amount, unit) in match.Groups["n"].Captures.Zip(match.Groups["u"].Captures))
        {
            sum += double.Parse(amount.ValueSpan, CultureInfo.InvariantCulture) * unit.Value switch
            {
                "h" => TimeSpan.FromHours(1),
                "m" => TimeSpan.FromMinutes(1),
                "s" => TimeSpan.FromSeconds(1),
                "ms" => TimeSpan.FromMilliseconds(1),
                "ns" => TimeSpan.FromMicroseconds(1) / 1000,
                _ => TimeSpan.FromMicroseconds(1),
            };
        }

        return sum;
    }

    private static TimeSpan ParseIso(string text)
    {
        var match = Iso().Match(text);
        return match.Success
            ? new TimeSpan((Number("y") * 365) + (Number("mo") * 30) + (Number("w") * 7) + Number("d"), Number("h"), Number("mi"), Number("s"))
            : throw new FormatException($"'{text}' is no ISO 8601 duration.");

        int Number(string name) => match.Groups[name] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    private static TimeSpan ParseWord(string text) => text switch
    {
        "@hourly" => TimeSpan.FromHours(1),
        "@daily" or "@midnight" => TimeSpan.FromDays(1),
        "@weekly" => TimeSpan.FromDays(7),
        "@monthly" => TimeSpan.FromDays(30),
        "@yearly" or "@annually" => TimeSpan.FromDays(365),
        _ => throw new FormatException($"'{text}' is no period."),
    };

    [GeneratedRegex(@"^((?<n>\d+(\.\d+)?)(?<u>h|ms|m|s|us|µs|ns))+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Go();

    [GeneratedRegex(
        @"^(R\d+/)?P((?<y>\d+)Y)?((?<mo>\d+)M)?((?<w>\d+)W)?((?<d>\d+)D)?(T((?<h>\d+)H)?((?<mi>\d+)M)?((?<s>\d+)S)?)?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Iso();
}

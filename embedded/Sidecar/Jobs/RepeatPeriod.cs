using System.Globalization;

namespace DaprMesh.Sidecar.Jobs;

/// <summary>A Go duration or an ISO 8601 duration, which may begin with a number of repetitions: <c>R5/PT10S</c>.</summary>
/// <param name="Repetitions">Null: as often as it may.</param>
internal readonly record struct RepeatPeriod(int Years, int Months, int Days, TimeSpan Time, int? Repetitions)
{
    /// <summary>False for a period of nothing, which never repeats.</summary>
    public bool Recurs => Years != 0 || Months != 0 || Days != 0 || Time != TimeSpan.Zero;

    public bool HasDateParts => Years > 0 || Months > 0 || Days > 0;

    public DateTimeOffset AddTo(DateTimeOffset time) => time.AddYears(Years).AddMonths(Months).AddDays(Days) + Time;

    public static bool TryParse(string text, out RepeatPeriod period)
    {
        if (text.StartsWith('R') || text.StartsWith('P'))
        {
            return TryParseIso(text, out period);
        }

        var ok = GoDuration.TryParse(text, out var time);
        period = new RepeatPeriod(0, 0, 0, time, null);
        return ok;
    }

    private static bool TryParseIso(string text, out RepeatPeriod period)
    {
        period = default;
        int? repetitions = null;
        var rest = text.AsSpan();
        if (rest[0] == 'R')
        {
            var slash = rest.IndexOf('/');
            if (slash < 0 || !TryNumber(rest[1..slash], out var count))
            {
                return false;
            }

            repetitions = count;
            rest = rest[(slash + 1)..];
        }

        if (rest.Length < 2 || rest[0] != 'P')
        {
            return false;
        }

        var t = rest.IndexOf('T');
        var date = t < 0 ? rest[1..] : rest[1..t];
        var time = t < 0 ? [] : rest[(t + 1)..];
        Span<int> dates = stackalloc int[4];
        Span<int> times = stackalloc int[3];
        if ((t >= 0 && time.IsEmpty) || !TryParts(date, "YMWD", dates) || !TryParts(time, "HMS", times))
        {
            return false;
        }

        period = new RepeatPeriod(dates[0], dates[1], (dates[2] * 7) + dates[3], new TimeSpan(times[0], times[1], times[2]), repetitions);
        return true;
    }

    /// <summary>Whole numbers, each followed by its letter, in the order of the letters.</summary>
    private static bool TryParts(ReadOnlySpan<char> text, string letters, Span<int> values)
    {
        var next = 0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !TryNumber(text[..digits], out var number))
            {
                return false;
            }

            var letter = letters.IndexOf(text[digits], next);
            if (letter < 0)
            {
                return false;
            }

            values[letter] = number;
            next = letter + 1;
            text = text[(digits + 1)..];
        }

        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

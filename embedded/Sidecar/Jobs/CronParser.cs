using System.Globalization;

namespace DaprMesh.Sidecar.Jobs;

/// <summary>Whether a cron expression begins with a field for seconds.</summary>
public enum CronSeconds
{
    /// <summary>Six fields, as in jobs.</summary>
    Required,

    /// <summary>Five or six fields, as in bindings.cron.</summary>
    Optional,
}

/// <summary>
/// Reads cron expressions: fields, <c>@every</c>, <c>@daily</c> and its like, and a leading <c>CRON_TZ=</c> or <c>TZ=</c>.
/// </summary>
public static class CronParser
{
    private static readonly Field Seconds = new(0, 59, []);
    private static readonly Field Minutes = new(0, 59, []);
    private static readonly Field Hours = new(0, 23, []);
    private static readonly Field DaysOfMonth = new(1, 31, []);
    private static readonly Field Months = new(1, 12, ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);
    private static readonly Field DaysOfWeek = new(0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

    /// <param name="zone">The zone of an expression that names none.</param>
    /// <exception cref="FormatException">The text is no schedule; the message says why.</exception>
    public static CronSchedule Parse(string text, CronSeconds seconds, TimeZoneInfo zone)
    {
        var rest = text;
        if (rest.Length == 0)
        {
            throw new FormatException("empty spec string");
        }

        if (rest.StartsWith("TZ=", StringComparison.Ordinal) || rest.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var space = rest.IndexOf(' ', StringComparison.Ordinal);
            var name = rest[(rest.IndexOf('=', StringComparison.Ordinal) + 1)..(space < 0 ? rest.Length : space)];
            zone = FindZone(name);
            rest = space < 0 ? "" : rest[space..].Trim();
        }

        return rest.StartsWith('@') ? Descriptor(rest, zone) : Fields(rest, seconds, zone);
    }

    private static TimeZoneInfo FindZone(string name) =>
        name.Length == 0 ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : throw new FormatException($"provided bad location {name}: unknown time zone {name}");

    private static CronSchedule Descriptor(string text, TimeZoneInfo zone)
    {
        const string every = "@every ";
        if (text.StartsWith(every, StringComparison.Ordinal))
        {
            return GoDuration.TryParse(text[every.Length..], out var interval)
                ? new IntervalSchedule(interval < GoDuration.Millisecond ? GoDuration.Millisecond : interval)
                : throw new FormatException($"failed to parse duration {text}: time: invalid duration \"{text[every.Length..]}\"");
        }

        return text switch
        {
            "@yearly" or "@annually" => Fields("0 0 0 1 1 *", CronSeconds.Required, zone),
            "@monthly" => Fields("0 0 0 1 * *", CronSeconds.Required, zone),
            "@weekly" => Fields("0 0 0 * * 0", CronSeconds.Required, zone),
            "@daily" or "@midnight" => Fields("0 0 0 * * *", CronSeconds.Required, zone),
            "@hourly" => Fields("0 0 * * * *", CronSeconds.Required, zone),
            _ => throw new FormatException($"unrecognized descriptor: {text}"),
        };
    }

    private static FieldSchedule Fields(string text, CronSeconds seconds, TimeZoneInfo zone)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (seconds == CronSeconds.Optional && fields.Length == 5)
        {
            fields = ["0", .. fields];
        }

        if (fields.Length != 6)
        {
            var expected = seconds == CronSeconds.Required ? "exactly 6" : "5 to 6";
            throw new FormatException($"expected {expected} fields, found {fields.Length}: [{string.Join(' ', fields)}]");
        }

        return new FieldSchedule(
            Seconds.Parse(fields[0]), Minutes.Parse(fields[1]), Hours.Parse(fields[2]),
            DaysOfMonth.Parse(fields[3]), Months.Parse(fields[4]), DaysOfWeek.Parse(fields[5]), zone);
    }

    private sealed record Field(int Min, int Max, string[] Names)
    {
        public ulong Parse(string text)
        {
            var bits = 0UL;
            foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                bits |= Range(part);
            }

            return bits;
        }

        private ulong Range(string text)
        {
            var slash = text.Split('/');
            var hyphen = slash[0].Split('-');
            if (slash.Length > 2)
            {
                throw new FormatException($"too many slashes: {text}");
            }

            if (hyphen.Length > 2)
            {
                throw new FormatException($"too many hyphens: {text}");
            }

            var any = hyphen[0] is "*" or "?";
            var (first, last) = any ? (Min, Max) : (Value(hyphen[0]), Value(hyphen[^1]));
            var step = 1;
            if (slash.Length == 2)
            {
                step = Number(slash[1]);
                last = !any && hyphen.Length == 1 ? Max : last; // "5/15" runs from 5 to the end
            }

            Check(text, first, last, step);
            var bits = any && step == 1 ? FieldSchedule.AnyDay : 0UL;
            for (var value = first; value <= last; value += step)
            {
                bits |= 1UL << value;
            }

            return bits;
        }

        private void Check(string text, int first, int last, int step)
        {
            if (first < Min)
            {
                throw new FormatException($"beginning of range ({first}) below minimum ({Min}): {text}");
            }

            if (last > Max)
            {
                throw new FormatException($"end of range ({last}) above maximum ({Max}): {text}");
            }

            if (first > last)
            {
                throw new FormatException($"beginning of range ({first}) beyond end of range ({last}): {text}");
            }

            if (step == 0)
            {
                throw new FormatException($"step of range should be a positive number: {text}");
            }
        }

        private int Value(string text)
        {
            var name = Array.FindIndex(Names, known => known.Length > 0 && known.Equals(text, StringComparison.OrdinalIgnoreCase));
            return name >= 0 ? name : Number(text);
        }

        private static int Number(string text)
        {
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                throw new FormatException($"failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": invalid syntax");
            }

            return number >= 0 ? number : throw new FormatException($"negative number ({number}) not allowed: {text}");
        }
    }
}

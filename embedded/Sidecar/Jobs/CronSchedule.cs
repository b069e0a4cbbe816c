namespace DaprMesh.Sidecar.Jobs;

/// <summary>When something recurs: a cron expression or a fixed interval. Parsed by <see cref="CronParser"/>.</summary>
public abstract class CronSchedule
{
    /// <summary>The first tick after <paramref name="time"/>; null when there is none within five years.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset time);
}

/// <summary><c>@every</c>: ticks a fixed time apart, counted from the tick before.</summary>
public sealed class IntervalSchedule(TimeSpan interval) : CronSchedule
{
    public TimeSpan Interval { get; } = interval;

    public override DateTimeOffset? Next(DateTimeOffset time) => time + Interval;
}

/// <summary>Six fields, one bit for each value that matches. A day matches by month or by week when both are restricted.</summary>
internal sealed class FieldSchedule(
    ulong seconds, ulong minutes, ulong hours, ulong daysOfMonth, ulong months, ulong daysOfWeek, TimeZoneInfo zone) : CronSchedule
{
    /// <summary>Set on a day field that was <c>*</c> or <c>?</c>.</summary>
    public const ulong AnyDay = 1UL << 63;

    private const int YearsAhead = 5;

    public override DateTimeOffset? Next(DateTimeOffset time)
    {
        var utc = Truncate(time.ToUniversalTime(), TimeSpan.TicksPerSecond).AddSeconds(1);
        var lastYear = utc.Year + YearsAhead;
        while (true)
        {
            var local = TimeZoneInfo.ConvertTime(utc, zone);
            if (local.Year > lastYear)
            {
                return null;
            }

            if (!Has(months, local.Month))
            {
                utc = StartOf(new DateTime(local.Year, local.Month, 1).AddMonths(1));
            }
            else if (!DayMatches(local))
            {
                utc = StartOf(local.Date.AddDays(1));
            }
            else if (!Has(hours, local.Hour))
            {
                utc = utc.AddTicks(TimeSpan.TicksPerHour - (local.TimeOfDay.Ticks % TimeSpan.TicksPerHour));
            }
            else if (!Has(minutes, local.Minute))
            {
                utc = utc.AddSeconds(60 - local.Second);
            }
            else if (!Has(seconds, local.Second))
            {
                utc = utc.AddSeconds(1);
            }
            else
            {
                return local;
            }
        }
    }

    private static bool Has(ulong field, int value) => (field & (1UL << value)) != 0;

    private static DateTimeOffset Truncate(DateTimeOffset time, long ticks) => time.AddTicks(-(time.Ticks % ticks));

    private bool DayMatches(DateTimeOffset local)
    {
        var byMonth = Has(daysOfMonth, local.Day);
        var byWeek = Has(daysOfWeek, (int)local.DayOfWeek);
        return ((daysOfMonth | daysOfWeek) & AnyDay) != 0 ? byMonth && byWeek : byMonth || byWeek;
    }

    /// <summary>The first instant of a local day, also where the clocks jump over midnight.</summary>
    private DateTimeOffset StartOf(DateTime day)
    {
        while (zone.IsInvalidTime(day))
        {
            day = day.AddMinutes(15);
        }

        var offset = zone.IsAmbiguousTime(day) ? zone.GetAmbiguousTimeOffsets(day).Max() : zone.GetUtcOffset(day);
        return new DateTimeOffset(day, offset).ToUniversalTime();
    }
}

using DaprMesh.Sidecar.Jobs;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>When a job ticks. Each tick follows from the schedule and the tick before, never from when that was delivered.</summary>
internal sealed class JobTiming
{
    /// <summary>A schedule that could not run for longer than this does not catch up tick by tick.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(1);

    private readonly CronSchedule? _schedule;
    private readonly uint? _repeats;

    private JobTiming(CronSchedule? schedule, uint? repeats, DateTimeOffset? expires)
    {
        _schedule = schedule;
        _repeats = repeats;
        Expires = expires;
    }

    public DateTimeOffset? Expires { get; }

    /// <summary>The timing of a new job and its first tick; null when it never ticks.</summary>
    /// <exception cref="FormatException">The job is not valid; the message says why.</exception>
    public static (JobTiming Timing, DateTimeOffset? First) Start(SchedulerJob job, DateTimeOffset now)
    {
        if (job.Schedule is null && job.DueTime is null)
        {
            throw new FormatException("job must have either a due time or a schedule");
        }

        if (job.Schedule is null && job.Repeats > 1)
        {
            throw new FormatException("job must have a schedule to repeat");
        }

        if (job.Schedule is null && job.Ttl is not null)
        {
            throw new FormatException("job must have a schedule to have a ttl");
        }

        var due = job.DueTime is null ? (DateTimeOffset?)null : Point(job.DueTime, now, "due time format not recognized");
        var expires = job.Ttl is null ? (DateTimeOffset?)null : Point(job.Ttl, due ?? now, "ttl format not recognized");
        if (due is not null && expires < due)
        {
            throw new FormatException("ttl must be greater than due time");
        }

        var timing = Of(job, expires);
        return (timing, due ?? timing.Following(now, fired: 0));
    }

    /// <summary>The timing of a stored job, whose texts are valid.</summary>
    public static JobTiming Of(SchedulerJob job, DateTimeOffset? expires) =>
        new(job.Schedule is null ? null : CronParser.Parse(job.Schedule, CronSeconds.Required, TimeZoneInfo.Utc), job.Repeats is 0 ? null : job.Repeats, expires);

    /// <summary>The tick after <paramref name="tick"/>; null when that was the last one.</summary>
    public DateTimeOffset? After(DateTimeOffset tick, uint fired, DateTimeOffset now) =>
        Following(now - tick > CatchUp ? Skip(tick, now) : tick, fired);

    private DateTimeOffset? Following(DateTimeOffset tick, uint fired) =>
        _schedule is null || fired >= _repeats || _schedule.Next(tick) is not { } next || next > Expires ? null : next;

    /// <summary>The last tick before now, so that the schedule keeps its phase.</summary>
    private DateTimeOffset Skip(DateTimeOffset tick, DateTimeOffset now) => _schedule is IntervalSchedule { Interval: var interval }
        ? tick + (interval * Math.Floor((now - tick) / interval))
        : now;

    private static DateTimeOffset Point(string text, DateTimeOffset from, string fault) =>
        PointInTime.TryParse(text, from, out var time) ? time : throw new FormatException(fault);
}

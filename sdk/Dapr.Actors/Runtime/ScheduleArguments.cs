namespace Dapr.Actors.Runtime;

/// <summary>The rules that reminders and timers share.</summary>
internal static class ScheduleArguments
{
    public static void Check(TimeSpan dueTime, TimeSpan period, TimeSpan? ttl)
    {
        if (dueTime < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "The due time is not negative.");
        if (period < Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(period), period, "The period is not negative, or -1 millisecond for none.");
        if (ttl < dueTime)
            throw new ArgumentOutOfRangeException(nameof(ttl), ttl, "The TTL is not shorter than the due time.");
    }
}

namespace Dapr.Actors.Runtime;

/// <summary>A timer: it calls back a method of the actor until the actor is deactivated.</summary>
public class ActorTimer : ActorTimerToken
{
    public ActorTimer(
        string actorType, ActorId actorId, string name, string timerCallback, byte[]? data, TimeSpan dueTime, TimeSpan period)
        : this(actorType, actorId, name, timerCallback, data, dueTime, period, null)
    {
    }

    public ActorTimer(
        string actorType, ActorId actorId, string name, string timerCallback, byte[]? data, TimeSpan dueTime, TimeSpan period, TimeSpan ttl)
        : this(actorType, actorId, name, timerCallback, data, dueTime, period, (TimeSpan?)ttl)
    {
    }

    internal ActorTimer(
        string actorType, ActorId actorId, string name, string timerCallback, byte[]? data, TimeSpan dueTime, TimeSpan period, TimeSpan? ttl)
        : base(actorType, actorId, name)
    {
        ScheduleArguments.Check(dueTime, period, ttl);
        Data = data!; // null is a timer without data; the published property has no annotation
        (TimerCallback, DueTime, Period, Ttl) = (timerCallback, dueTime, period, ttl);
    }

    public string TimerCallback { get; }

    public byte[] Data { get; }

    public TimeSpan DueTime { get; }

    public TimeSpan Period { get; }

    public TimeSpan? Ttl { get; }
}

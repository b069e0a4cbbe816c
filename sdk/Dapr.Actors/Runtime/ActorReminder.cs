namespace Dapr.Actors.Runtime;

/// <summary>A reminder: it is kept by the sidecar and outlives the actor's deactivation.</summary>
public class ActorReminder : ActorReminderToken, IActorReminder
{
    public ActorReminder(string actorType, ActorId actorId, string name, byte[]? state, TimeSpan dueTime, TimeSpan period)
        : this(actorType, actorId, name, state, dueTime, period, null, null)
    {
    }

    public ActorReminder(string actorType, ActorId actorId, string name, byte[]? state, TimeSpan dueTime, TimeSpan period, TimeSpan ttl)
        : this(actorType, actorId, name, state, dueTime, period, null, ttl)
    {
    }

    public ActorReminder(string actorType, ActorId actorId, string name, byte[]? state, TimeSpan dueTime, TimeSpan period, int? repetitions)
        : this(actorType, actorId, name, state, dueTime, period, repetitions, null)
    {
    }

    public ActorReminder(
        string actorType, ActorId actorId, string name, byte[]? state, TimeSpan dueTime, TimeSpan period, int? repetitions, TimeSpan? ttl)
        : base(actorType, actorId, name)
    {
        ScheduleArguments.Check(dueTime, period, ttl);
        if (repetitions <= 0)
            throw new ArgumentOutOfRangeException(nameof(repetitions), repetitions, "A reminder fires at least once.");
        State = state!; // null is a reminder without data; the published property has no annotation
        (DueTime, Period, Repetitions, Ttl) = (dueTime, period, repetitions, ttl);
    }

    public byte[] State { get; }

    public TimeSpan DueTime { get; }

    public TimeSpan Period { get; }

    public int? Repetitions { get; }

    public TimeSpan? Ttl { get; }
}

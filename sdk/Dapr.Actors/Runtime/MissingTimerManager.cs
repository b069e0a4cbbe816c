namespace Dapr.Actors.Runtime;

/// <summary>Stands in where an actor was made without a sidecar: every use says what to set.</summary>
internal sealed class MissingTimerManager : ActorTimerManager
{
    public static readonly MissingTimerManager Instance = new();

    private MissingTimerManager()
    {
    }

    public override Task RegisterReminderAsync(ActorReminder reminder) => throw Missing();

    public override Task<IActorReminder> GetReminderAsync(ActorReminderToken reminder) => throw Missing();

    public override Task UnregisterReminderAsync(ActorReminderToken reminder) => throw Missing();

    public override Task RegisterTimerAsync(ActorTimer timer) => throw Missing();

    public override Task UnregisterTimerAsync(ActorTimerToken timer) => throw Missing();

    private static NotSupportedException Missing() => new(
        $"This actor was made for a test without a timer manager. Set {nameof(ActorTestOptions)}.{nameof(ActorTestOptions.TimerManager)}.");
}

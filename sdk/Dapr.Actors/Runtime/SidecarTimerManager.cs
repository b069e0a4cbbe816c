using Dapr.Actors.Communication;

namespace Dapr.Actors.Runtime;

/// <summary>Registers reminders and timers at the sidecar.</summary>
internal sealed class SidecarTimerManager(SidecarClient client, TimeProvider clock) : ActorTimerManager
{
    public override Task RegisterReminderAsync(ActorReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        return At(reminder.ActorType, reminder.ActorId).PutReminderAsync(reminder.Name, ScheduleBody.Of(reminder), CancellationToken.None);
    }

    public override async Task<IActorReminder> GetReminderAsync(ActorReminderToken reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        using var response = await At(reminder.ActorType, reminder.ActorId).ReadReminderAsync(reminder.Name, CancellationToken.None);
        using var body = new PooledBuffer();
        await body.FillAsync(await response.Content.ReadAsStreamAsync(), CancellationToken.None);
        var found = ScheduleBody.Read(body.Written, clock);
        var dueTime = found.DueTime < TimeSpan.Zero ? TimeSpan.Zero : found.DueTime;
        return new ActorReminder(reminder.ActorType, reminder.ActorId, reminder.Name, found.Data, dueTime, found.Period);
    }

    public override Task UnregisterReminderAsync(ActorReminderToken reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        return At(reminder.ActorType, reminder.ActorId).DeleteReminderAsync(reminder.Name, CancellationToken.None);
    }

    public override Task RegisterTimerAsync(ActorTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        return At(timer.ActorType, timer.ActorId).PutTimerAsync(timer.Name, ScheduleBody.Of(timer), CancellationToken.None);
    }

    public override Task UnregisterTimerAsync(ActorTimerToken timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        return At(timer.ActorType, timer.ActorId).DeleteTimerAsync(timer.Name, CancellationToken.None);
    }

    private SidecarActor At(string actorType, ActorId actorId) => new(client, actorType, actorId.GetId());
}

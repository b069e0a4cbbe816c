namespace Dapr.Actors.Runtime;

public abstract partial class Actor
{
    protected Task<IActorReminder> RegisterReminderAsync(string reminderName, byte[]? state, TimeSpan dueTime, TimeSpan period) =>
        RegisterAsync(new ActorReminder(TypeName, Id, reminderName, state, dueTime, period));

    protected Task<IActorReminder> RegisterReminderAsync(
        string reminderName, byte[]? state, TimeSpan dueTime, TimeSpan period, TimeSpan ttl) =>
        RegisterAsync(new ActorReminder(TypeName, Id, reminderName, state, dueTime, period, ttl));

    protected Task<IActorReminder> RegisterReminderAsync(
        string reminderName, byte[]? state, TimeSpan dueTime, TimeSpan period, int repetitions) =>
        RegisterAsync(new ActorReminder(TypeName, Id, reminderName, state, dueTime, period, repetitions));

    protected Task<IActorReminder> RegisterReminderAsync(
        string reminderName, byte[]? state, TimeSpan dueTime, TimeSpan period, int repetitions, TimeSpan ttl) =>
        RegisterAsync(new ActorReminder(TypeName, Id, reminderName, state, dueTime, period, repetitions, ttl));

    protected Task<IActorReminder> GetReminderAsync(string reminderName) =>
        Host.TimerManager.GetReminderAsync(new ActorReminderToken(TypeName, Id, reminderName));

    protected Task UnregisterReminderAsync(IActorReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        return Host.TimerManager.UnregisterReminderAsync(reminder as ActorReminderToken ?? new ActorReminderToken(TypeName, Id, reminder.Name));
    }

    protected Task UnregisterReminderAsync(string reminderName) =>
        Host.TimerManager.UnregisterReminderAsync(new ActorReminderToken(TypeName, Id, reminderName));

    public Task<ActorTimer> RegisterTimerAsync(
        string? timerName, string callback, byte[]? callbackParams, TimeSpan dueTime, TimeSpan period) =>
        RegisterAsync(timerName, callback, callbackParams, dueTime, period, null);

    public Task<ActorTimer> RegisterTimerAsync(
        string? timerName, string callback, byte[]? callbackParams, TimeSpan dueTime, TimeSpan period, TimeSpan ttl) =>
        RegisterAsync(timerName, callback, callbackParams, dueTime, period, ttl);

    protected Task UnregisterTimerAsync(ActorTimer timer) => Host.TimerManager.UnregisterTimerAsync(timer);

    protected Task UnregisterTimerAsync(string timerName) =>
        Host.TimerManager.UnregisterTimerAsync(new ActorTimerToken(TypeName, Id, timerName));

    private async Task<IActorReminder> RegisterAsync(ActorReminder reminder)
    {
        await Host.TimerManager.RegisterReminderAsync(reminder);
        return reminder;
    }

    private async Task<ActorTimer> RegisterAsync(
        string? name, string callback, byte[]? data, TimeSpan dueTime, TimeSpan period, TimeSpan? ttl)
    {
        // Throws for a callback that the timer could not call later.
        Host.ActorTypeInfo.TimerCallbacks.Get(callback);
        var timer = new ActorTimer(
            TypeName, Id, string.IsNullOrEmpty(name) ? $"{Id}_Timer_{Guid.NewGuid()}" : name, callback, data, dueTime, period, ttl);
        await Host.TimerManager.RegisterTimerAsync(timer);
        return timer;
    }
}

using Dapr;
using Dapr.Actors;
using Dapr.Actors.Runtime;

namespace DaprMesh.Sdk.Tests.EndToEnd;

public interface IAlarm : IActor
{
    Task NoteAsync(string note);

    Task NoteAndThrowAsync(string note);

    Task NoteThroughAsync(string otherId);

    Task NoteInAsync(string id, string note);

    Task<string[]> NotesAsync();

    Task RemindAsync(string name, byte[] data);

    Task TimeAsync(string name, byte[] data);

    Task<string> LookUpAndCancelAsync(string name);
}

/// <summary>An actor that notes what happens to it in its state.</summary>
internal sealed class AlarmActor(ActorHost host) : Actor(host), IAlarm, IRemindable
{
    private static readonly TimeSpan Once = TimeSpan.FromMilliseconds(-1);

    public Task NoteAsync(string note) =>
        StateManager.AddOrUpdateStateAsync<string[]>("notes", [note], (_, notes) => [.. notes, note]);

    public async Task NoteAndThrowAsync(string note)
    {
        await NoteAsync(note);
        throw new InvalidTimeZoneException(note);
    }

    public async Task NoteThroughAsync(string otherId)
    {
        await NoteAsync("outer");
        await SaveStateAsync();
        await Other(otherId).NoteInAsync(Id.GetId(), "inner");
    }

    public Task NoteInAsync(string id, string note) => Other(id).NoteAsync(note);

    public async Task<string[]> NotesAsync() => await StateManager.GetOrAddStateAsync<string[]>("notes", []);

    public Task RemindAsync(string name, byte[] data) => RegisterReminderAsync(name, data, TimeSpan.Zero, Once);

    public Task TimeAsync(string name, byte[] data) => RegisterTimerAsync(name, nameof(OnTimerAsync), data, TimeSpan.FromMilliseconds(1), Once);

    public async Task<string> LookUpAndCancelAsync(string name)
    {
        await RegisterReminderAsync(name, [1], TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        var reminder = await GetReminderAsync(name);
        await UnregisterReminderAsync(name);
        try
        {
            await GetReminderAsync(name);
            return "still there";
        }
        catch (DaprApiException e)
        {
            return $"{reminder.Name} {reminder.DueTime} {reminder.Period} then {e.ErrorCode}";
        }
    }

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period) =>
        NoteAsync($"reminder {reminderName} {state.Length}");

    private Task OnTimerAsync(byte[] data) => NoteAsync($"timer {data.Length}");

    private IAlarm Other(string id) => ProxyFactory.CreateActorProxy<IAlarm>(new ActorId(id), nameof(AlarmActor));
}

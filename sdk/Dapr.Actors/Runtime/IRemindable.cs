namespace Dapr.Actors.Runtime;

/// <summary>An actor that receives reminders.</summary>
public interface IRemindable
{
    Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period);
}

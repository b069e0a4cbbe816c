namespace Dapr.Actors.Runtime;

/// <summary>A reminder as it was registered.</summary>
public interface IActorReminder
{
    string Name { get; }

    TimeSpan DueTime { get; }

    TimeSpan Period { get; }

    byte[] State { get; }
}

namespace Dapr.Actors;

/// <summary>Whether an actor may be called again by a call that it started itself, and how deep.</summary>
public sealed class ActorReentrancyConfig
{
    public bool Enabled { get; set; }

    public int? MaxStackDepth { get; set; }
}
